// What is asked of a history: its versions, states and distances.

// Days for which a version is carried forward to be compared with.
const GEOFRONT_CARRY = 3;

// More than two versions and their change take to draw.
const GEOFRONT_KEPT = 80;

class GeofrontModel {
    constructor({about, arcs}) {
        this.about = about;
        this.arcs = arcs;
        this.moments = about.moments;
        this.last = this.moments.length - 1;
        this.kept = new Map();
    }

    // Version in force at a moment: the last one before it, none invented.
    versionAt(moment) {
        let low = 0;
        let high = this.last;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.moments[middle] <= moment) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    // Version that was published nearest to a moment.
    nearestTo(moment) {
        const before = this.versionAt(moment);
        const after = Math.min(before + 1, this.last);
        return moment - this.moments[before] > this.moments[after] - moment
            ? after : before;
    }

    // Version in force at the end of a day in Kyiv; -1 before the first.
    versionOn(day) {
        return this.about.days.findLastIndex(known => known <= day);
    }

    // The same, unless it is so old that it says little of that day.
    near(day) {
        const found = this.versionOn(day);
        return found >= 0 && day - this.about.days[found] <= GEOFRONT_CARRY
            ? found : -1;
    }

    // What a version is compared with: so many days before, or one version.
    before(version, change) {
        if (change === "none") return -1;
        const found = change === "fixed" ? this.about.compare
            : this.near(this.about.days[version] - Number(change));
        return found < version ? found : -1;
    }

    net(version, since) {
        const {occupied} = this.about;
        return occupied[version] - occupied[since];
    }

    // Computed once, until other things have been asked for many times.
    keep(key, make) {
        const known = this.kept.has(key) ? this.kept.get(key) : make();
        this.kept.delete(key);
        this.kept.set(key, known);
        if (this.kept.size > GEOFRONT_KEPT) {
            this.kept.delete(this.kept.keys().next().value);
        }
        return known;
    }

    bounds(state, version) {
        return this.keep(`bounds ${state} ${version}`, () =>
            this.arcs.bounding([[GEOFRONT_STATES[state], version, 1]]));
    }

    rings(state, version) {
        return this.keep(`${state} ${version}`, () =>
            this.arcs.chains(this.bounds(state, version)));
    }

    sorted(state, version) {
        return this.keep(`sorted ${state} ${version}`, () =>
            this.arcs.sorted(this.rings(state, version)));
    }

    // Where occupied ground, or occupied ground and grey zone taken together,
    // differ between two versions.
    changed(states, since, version) {
        return this.keep(`${states} ${since} ${version}`, () =>
            this.arcs.outline(states.flatMap(state => [
                [GEOFRONT_STATES[state], version, 1],
                [GEOFRONT_STATES[state], since, -1]])));
    }

    // Steps at which the source drew otherwise than before, after one version
    // and up to another.
    redrawn(since, version) {
        return since < 0 ? [] : this.about.breaks.filter(({at}) =>
            since < at && at <= version);
    }

    // Those of them that account for most of what changed.
    masked(since, version) {
        return this.redrawn(since, version).filter(({masked}) => masked);
    }

    // Whether a step at which the source drew otherwise changed a point.
    isRedrawn(since, version, longitude, latitude) {
        const sides = [["occupied"], ["occupied", "grey_zone"]];
        return this.masked(since, version).find(({at}) => sides.some(states =>
            this.arcs.encloses(this.changed(states, at - 1, at).flat(),
                longitude, latitude)));
    }

    // Whether both versions speak of the same ground.
    sameCoverage(one, other) {
        if (!this.arcs.runsOf[GEOFRONT_STATES.coverage].length) return true;
        return this.arcs.bounding([[GEOFRONT_STATES.coverage, one, 1],
            [GEOFRONT_STATES.coverage, other, -1]]).length === 0;
    }

    // Shortest line from a place to the occupied area, or null where it is
    // inside, nothing is occupied, or the coverage ends nearer.
    approach(place, version) {
        return this.keep(`${place.id} ${version}`, () => {
            const occupied = this.bounds("occupied", version);
            const points = [...place.discs,
                ...place.outlines.map(ring => ring[0])];
            if (points.some(([longitude, latitude]) =>
                this.arcs.encloses(occupied, longitude, latitude))) {
                return null;
            }
            const line = this.nearest(place, "occupied", version);
            if (!line || line.km <= 0) return null;
            const edge = this.nearest(place, "coverage", version);
            return edge && edge.km < line.km ? null : line;
        });
    }

    nearest(place, state, version) {
        const used = this.bounds(state, version);
        const points = place.outlines.flat().map(point => [...point, 0]);
        return [...place.discs, ...points].reduce((best, disc) =>
            geofrontReach(this.arcs, used, disc, best), null);
    }
}

// Shortest line from a disc (longitude, latitude, radius in km) to arcs, if
// it is shorter than the best known. Around one place the earth is flat to
// 0.01 % over the distances that are drawn.
function geofrontReach(arcs, used, [longitude, latitude, radius], best) {
    const reach = new GeofrontReach(arcs, longitude, latitude,
        best ? best.km + radius : Infinity);
    const {away, nearest} = reach.rate(used);
    // The likeliest first: most others are then known to be farther.
    if (nearest >= 0) reach.follow(Math.abs(used[nearest]) - 1);
    for (let turn = 0; turn < used.length; turn++) {
        if (away[turn] < reach.least) reach.follow(Math.abs(used[turn]) - 1);
    }
    return reach.found ? reach.line(radius) : best;
}

// Nearest point of arcs to a place, in km east and north of it; what is kept
// are squares of distances, whose roots would take longer.
class GeofrontReach {
    constructor(arcs, longitude, latitude, km) {
        Object.assign(this, {arcs, longitude, latitude, found: false});
        this.least = km * km;
        [this.east, this.north] = geofrontDegree(latitude);
    }

    // How far away arcs are at least, by their boxes; which is nearest.
    rate(used) {
        const {boxes} = this.arcs;
        const x = geofrontX(this.longitude);
        const y = geofrontY(this.latitude);
        // The scale grows northward: a margin, so that nothing is missed.
        const side = (0.9 * geofrontKm(this.latitude)) ** 2;
        const away = new Float64Array(used.length);
        let nearest = -1;
        for (let turn = 0; turn < used.length; turn++) {
            const box = 4 * Math.abs(used[turn]) - 4;
            const dx = Math.max(boxes[box] - x, 0, x - boxes[box + 2]);
            const dy = Math.max(boxes[box + 1] - y, 0, y - boxes[box + 3]);
            away[turn] = side * (dx * dx + dy * dy);
            if (nearest < 0 || away[turn] < away[nearest]) nearest = turn;
        }
        return {away, nearest};
    }

    follow(row) {
        const {arcs, longitude, latitude, east, north} = this;
        const {grid, first} = arcs;
        let px = 0;
        let py = 0;
        for (let i = first[row]; i < first[row + 1]; i++) {
            const qx = (arcs.longitude[i] * grid - longitude) * east;
            const qy = (arcs.latitude[i] * grid - latitude) * north;
            if (i > first[row]) this.try(px, py, qx, qy);
            px = qx;
            py = qy;
        }
    }

    // The point of a segment that is nearest to the place.
    try(px, py, qx, qy) {
        const dx = qx - px;
        const dy = qy - py;
        const length = dx * dx + dy * dy;
        const share = length ? Math.min(Math.max(
            -(px * dx + py * dy) / length, 0), 1) : 0;
        const x = px + share * dx;
        const y = py + share * dy;
        if (x * x + y * y >= this.least) return;
        this.least = x * x + y * y;
        this.found = true;
        this.px = x;
        this.py = y;
    }

    // From the rim of a disc around the place.
    line(radius) {
        const {longitude, latitude, east, north, px, py} = this;
        const km = Math.sqrt(this.least);
        return {
            km: Math.max(km - radius, 0),
            bearing: (Math.atan2(px, py) * 180 / Math.PI + 360) % 360,
            start: [longitude + px * radius / km / east,
                latitude + py * radius / km / north],
            end: [longitude + px / east, latitude + py / north],
        };
    }
}

// Kilometres a degree of longitude and of latitude are long on WGS 84.
function geofrontDegree(latitude) {
    const phi = latitude * Math.PI / 180;
    return [
        111.41288 * Math.cos(phi) - 0.0935 * Math.cos(3 * phi),
        111.13209 - 0.56605 * Math.cos(2 * phi) + 0.0012 * Math.cos(4 * phi),
    ];
}
