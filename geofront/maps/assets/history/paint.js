// The picture: ground, states, change, front, places. Drawn with any pen.
//
// A scene is what is to be seen: {version, since (or -1), shown (by name)}.

class GeofrontPainter {
    constructor(model, ground) {
        this.model = model;
        this.ground = ground;
        this.about = model.about;
        this.paint = model.about.paint;
    }

    // ---- ground

    drawGround(pen) {
        if (!this.ground) return;
        const {paint} = this;
        const kind = row => this.ground.outline([[row, 0, 1]]);
        pen.group("land", () => {
            const land = pen.path(this.ground, kind(0));
            pen.fill(land, paint.land);
            pen.stroke(land, paint.border);
        });
        pen.group("rivers", () => pen.stroke(
            pen.path(this.ground, kind(2), false), paint.river));
        pen.group("oblasts", () => pen.stroke(
            pen.path(this.ground, kind(1), false), paint.oblast));
    }

    isLand({lat, lng}) {
        return !this.ground || this.ground.encloses(
            this.ground.bounding([[0, 0, 1]]), lng, lat);
    }

    // ---- states and change

    // Paths of a state: of its area, and of the rim to be outlined.
    paths(pen, state, version) {
        const key = `${state} ${version}`;
        pen.known ??= new Map();
        if (pen.known.size > 20) pen.known.clear();
        if (!pen.known.has(key)) {
            pen.known.set(key, pen.paths(this.model.arcs,
                this.model.sorted(state, version)));
        }
        return pen.known.get(key);
    }

    drawRegained(pen, {version, shown}) {
        if (!shown.regained) return;
        pen.group("regained", () => {
            const {area, rim} = this.paths(pen, "regained", version);
            pen.fill(area, this.paint.regained);
            pen.stroke(rim, this.paint.regainedRim);
        });
    }

    drawStates(pen, {version, shown}) {
        const {paint} = this;
        if (shown.occupied) {
            pen.group("occupied", () => pen.fill(
                this.paths(pen, "occupied", version).area, paint.occupied));
        }
        if (shown.grey_zone) {
            pen.group("grey_zone", () => {
                const {area, rim} = this.paths(pen, "grey_zone", version);
                pen.stroke(rim, paint.halo);
                pen.fill(area, paint.greyGround);
                pen.fill(area, paint.greyZone);
                pen.stroke(rim, paint.greyRim);
            });
        }
        pen.group("coverage", () => pen.stroke(
            this.paths(pen, "coverage", version).rim, paint.coverage));
    }

    // Where occupied ground changed it was or became grey zone, unless ground
    // that was or became held is painted over it. What is no longer occupied
    // is striped, and grey zone that is held now is spotted, to be told from
    // what newly is without colour. What was redrawn is neither.
    drawChange(pen, {version, since}) {
        if (since < 0) return;
        const {model} = this;
        const colours = this.paint.change;
        const drawsGrey = this.about.grey[version] !== null
            && this.about.grey[since] !== null;
        const of = (state, at) => this.paths(pen, state, at).area;
        const changed = states => model.changed(states, since, version);
        const paths = rings => pen.paths(model.arcs, model.arcs.sorted(rings));
        const chains = changed(["occupied"]);
        const others = drawsGrey ? changed(["occupied", "grey_zone"]) : chains;
        const occupied = paths(chains);
        const held = drawsGrey ? paths(others) : occupied;
        const blocks = [{...held, fill: colours.grey_zone_held, parts: [
            [held.area, "spots"],
            [of("grey_zone", version), colours.held_grey_zone],
            [of("occupied", since), colours.occupied_held],
            [of("occupied", since), "counter"],
            [of("occupied", version), colours.held_occupied],
        ]}];
        if (drawsGrey) {
            blocks.unshift({...occupied, fill: colours.occupied_grey_zone,
                parts: [[occupied.area, "counter"],
                    [of("occupied", version), colours.grey_zone_occupied]]});
        }
        const coverage = this.comparable(pen, since, version);
        pen.group("change", other => other.within(coverage, () =>
            other.colour(blocks, this.redrawn(pen, since, version))),
        {opacity: 0.7, boxes: this.boxes(pen, [...chains, ...others])});
    }

    // Areas that changed as the source began to draw otherwise: nobody is
    // known to have gained or lost them.
    redrawn(pen, since, version) {
        const {arcs} = this.model;
        pen.redrawn ??= new Map();
        return this.model.masked(since, version).flatMap(({at}) => {
            if (!pen.redrawn.has(at)) {
                pen.redrawn.set(at, [["occupied"], ["occupied", "grey_zone"]]
                    .map(states => pen.path(arcs,
                        this.model.changed(states, at - 1, at))));
            }
            return pen.redrawn.get(at);
        });
    }

    // Where chains lie on the paper, with their lines.
    boxes(pen, chains) {
        const {scale, left, top, width, height} = pen.view;
        return chains.map(chain => {
            const [west, north, east, south] = this.model.arcs.box(chain);
            return [Math.max(Math.floor(west * scale - left) - 2, 0),
                Math.max(Math.floor(north * scale - top) - 2, 0),
                Math.min(Math.ceil(east * scale - left) + 2, width),
                Math.min(Math.ceil(south * scale - top) + 2, height)];
        }).filter(([west, north, east, south]) =>
            west < east && north < south);
    }

    // Newly mapped is not newly occupied: only what both versions cover.
    comparable(pen, since, version) {
        if (this.model.sameCoverage(since, version)) return [];
        return [since, version]
            .filter(at => this.model.rings("coverage", at).length)
            .map(at => this.paths(pen, "coverage", at).area);
    }

    drawFront(pen, {version, shown}) {
        if (!shown.front) return;
        const {model, paint} = this;
        const line = pen.path(model.arcs, model.rings("front", version),
            false);
        pen.group("front", () => {
            pen.stroke(line, paint.casing);
            pen.stroke(line, paint.front);
        });
    }

    // ---- places

    point(pen, longitude, latitude) {
        const {scale, left, top} = pen.view;
        return [geofrontX(longitude) * scale - left,
            geofrontY(latitude) * scale - top];
    }

    // Names where there is room: first the places asked for, then towns, the
    // largest first.
    drawNames(pen, {shown}, room = []) {
        const taken = [...room];
        pen.group("names", () => {
            if (shown.places) this.drawTargets(pen, taken);
            if (shown.towns) this.drawTowns(pen, taken);
        });
        return taken;
    }

    drawTargets(pen, taken) {
        const {paint} = this;
        for (const place of this.about.places) {
            for (const [name, longitude, latitude] of place.names) {
                const [x, y] = this.point(pen, longitude, latitude);
                if (!geofrontOnPaper(pen.view, x, y)) continue;
                if (!this.drawName(pen, name, x, y, paint.target, taken)) {
                    continue;
                }
                pen.circle(x, y, 3, paint.dot);
            }
        }
    }

    drawTowns(pen, taken) {
        const {paint} = this;
        const zoom = Math.log2(pen.view.scale / 256);
        const least = 9e5 / 2 ** (1.6 * (zoom - 5));
        const known = new Set(this.about.places.flatMap(place =>
            place.names.map(([name]) => name)));
        for (const [name, longitude, latitude, people] of this.about.towns) {
            if (people < least) break;
            if (known.has(name)) continue;
            const [x, y] = this.point(pen, longitude, latitude);
            if (!geofrontOnPaper(pen.view, x, y)) continue;
            const style = people > 3e5 ? paint.city : paint.town;
            if (this.drawName(pen, name, x, y, style, taken)) {
                pen.circle(x, y, people > 3e5 ? 2.4 : 1.8, paint.townDot);
            }
        }
    }

    drawName(pen, name, x, y, style, taken) {
        const width = pen.width(name, style);
        const height = style.size ?? 12;
        const sides = [[x + 6, y + 4], [x - 6 - width, y + 4],
            [x - width / 2, y - 7], [x - width / 2, y + height + 5]];
        for (const [left, base] of sides) {
            const box = [left - 3, base - height - 1, left + width + 3,
                base + 4];
            if (geofrontIsFree(box, taken)) {
                taken.push(box, [x - 3, y - 3, x + 3, y + 3]);
                pen.text(name, left, base, style);
                return true;
            }
        }
        return false;
    }

    // From each place the shortest line to the occupied area, and its length.
    drawDistances(pen, {version, shown}, taken) {
        if (!shown.places) return;
        const {model, paint, about} = this;
        const boxes = [...taken];
        const lines = about.places
            .map(place => model.approach(place, version))
            .filter(found => found !== null)
            .map(({km, bearing, start, end}) => ({
                words: `${about.format.km(km)} `
                    + about.words.sectors[Math.round(bearing / 45) % 8],
                from: this.point(pen, ...start),
                to: this.point(pen, ...end)}))
            .filter(({from, to}) => geofrontIsSeen(from, to));
        pen.group("distances", () => {
            pen.stroke(this.extents(pen), paint.extent);
            for (const {from, to} of lines) {
                pen.stroke(pen.line([from, to]), paint.distanceHalo);
                pen.stroke(pen.line([from, to]), paint.distance);
                pen.circle(...to, 2, paint.distanceEnd);
            }
            for (const {words, from, to} of lines) {
                this.drawLength(pen, words, from, to, boxes);
            }
        });
    }

    // Rims of the places, from which distances are measured.
    extents(pen) {
        const {scale} = pen.view;
        const {places} = this.about;
        const discs = places.flatMap(({discs}) => discs).map(
            ([longitude, latitude, km]) => ({
                point: this.point(pen, longitude, latitude),
                radius: km / geofrontKm(latitude) * scale}));
        const rings = places.flatMap(({outlines}) => outlines).map(ring =>
            ring.map(point => this.point(pen, ...point)));
        return pen.rims(discs.filter(({radius}) => radius > 3), rings);
    }

    drawLength(pen, words, from, to, boxes) {
        const style = this.paint.length;
        const width = pen.width(words, style);
        const x = (from[0] + to[0]) / 2;
        const y = (from[1] + to[1]) / 2;
        const dx = to[0] - from[0];
        const dy = to[1] - from[1];
        const length = Math.hypot(dx, dy);
        // Beside the line, on either side: farther where it is steeper.
        for (const side of [-1, 1]) {
            const away = side * (6 + Math.abs(dx / length) * 8
                + Math.abs(dy / length) * width / 2);
            const across = x - away * dy / length;
            const base = y + away * dx / length + 4;
            const box = [across - width / 2 - 3, base - 12,
                across + width / 2 + 3, base + 4];
            if (!geofrontIsFree(box, boxes)) continue;
            boxes.push(box);
            pen.text(words, across, base, {...style, align: "center"});
            return;
        }
    }
}

// Whether a line is long enough to be told from its ends, and on this paper.
function geofrontIsSeen(from, to) {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    return length >= 16 && length < 4000;
}

function geofrontOnPaper({width, height}, x, y) {
    return x > -80 && y > -20 && x < width + 80 && y < height + 20;
}

function geofrontIsFree(box, taken) {
    return taken.every(other => box[0] >= other[2] || other[0] >= box[2]
        || box[1] >= other[3] || other[1] >= box[3]);
}
