// Arcs, and what they bound on a day. See decode.js for the format.
//
// An arc in use is a number: its row + 1, negative where it is followed
// backwards. A chain is a list of those, each beginning where the last ended.

const GEOFRONT_STATES = {occupied: 0, grey_zone: 1, regained: 2, coverage: 3,
    front: 4};

// A ring narrower than this on average is a gap in the drawing.
const GEOFRONT_SLIVER_KM = 0.02;

class GeofrontArcs {
    constructor(streams, grid) {
        this.grid = grid;
        this.readRuns(...streams.slice(0, 3));
        this.readShapes(streams[3]);
        this.readVertices(streams[4], streams[5]);
        this.numberNodes();
        this.measure();
        // Room to count in: of signatures, and of nodes.
        this.sums = new Int8Array(this.firstRun.length - 1);
        this.balance = new Int8Array(this.nodes);
        this.top = new Int32Array(this.nodes).fill(-1);
    }

    readRuns(counts, kinds, versions) {
        this.firstRun = new Uint32Array(counts.length + 1);
        counts.forEach((count, row) => {
            this.firstRun[row + 1] = this.firstRun[row] + count;
        });
        this.state = Uint8Array.from(kinds, kind => kind >> 1);
        this.side = Int8Array.from(kinds, kind => kind % 2 ? -1 : 1);
        this.since = new Uint32Array(kinds.length);
        this.until = new Uint32Array(kinds.length);
        let since = 0;
        for (let run = 0; run < kinds.length; run++) {
            since += geofrontSigned(versions[2 * run]);
            this.since[run] = since;
            this.until[run] = since + geofrontSigned(versions[2 * run + 1]);
        }
        this.owner = new Uint32Array(kinds.length);
        counts.forEach((count, row) => {
            this.owner.fill(row, this.firstRun[row],
                this.firstRun[row] + count);
        });
        this.runsOf = Object.values(GEOFRONT_STATES).map(state =>
            Uint32Array.from(this.state.keys())
                .filter(run => this.state[run] === state));
    }

    readShapes(shapes) {
        this.count = shapes.length / 2;
        this.signature = new Uint32Array(this.count);
        this.turned = new Int8Array(this.count);
        this.first = new Uint32Array(this.count + 1);
        let signature = 0;
        for (let arc = 0; arc < this.count; arc++) {
            const step = shapes[2 * arc];
            signature += geofrontSigned(Math.floor(step / 2));
            this.signature[arc] = signature;
            this.turned[arc] = step % 2 ? -1 : 1;
            this.first[arc + 1] = this.first[arc] + shapes[2 * arc + 1];
        }
        this.sortBySignature();
    }

    // Arcs of signature i: bySignature, from firstOf[i] to firstOf[i + 1].
    sortBySignature() {
        const {signature} = this;
        this.firstOf = new Uint32Array(this.firstRun.length);
        for (const row of signature) this.firstOf[row + 1]++;
        for (let row = 1; row < this.firstOf.length; row++) {
            this.firstOf[row] += this.firstOf[row - 1];
        }
        const next = this.firstOf.slice();
        this.bySignature = new Uint32Array(this.count);
        signature.forEach((row, arc) => {
            this.bySignature[next[row]++] = arc;
        });
    }

    // Whole degrees of the grid, and the world as Mercator's square of side 1.
    readVertices(longitudes, latitudes) {
        const length = longitudes.length;
        this.longitude = new Int32Array(length);
        this.latitude = new Int32Array(length);
        this.x = new Float64Array(length);
        this.y = new Float64Array(length);
        let longitude = 0;
        let latitude = 0;
        for (let i = 0; i < length; i++) {
            longitude += geofrontSigned(longitudes[i]);
            latitude += geofrontSigned(latitudes[i]);
            this.longitude[i] = longitude;
            this.latitude[i] = latitude;
            this.x[i] = geofrontX(longitude * this.grid);
            this.y[i] = geofrontY(latitude * this.grid);
        }
    }

    numberNodes() {
        const known = new Map();
        const number = i => {
            const key = this.longitude[i] * 2 ** 25 + this.latitude[i];
            if (!known.has(key)) known.set(key, known.size);
            return known.get(key);
        };
        this.head = new Uint32Array(this.count);
        this.tail = new Uint32Array(this.count);
        for (let arc = 0; arc < this.count; arc++) {
            this.head[arc] = number(this.first[arc]);
            this.tail[arc] = number(this.first[arc + 1] - 1);
        }
        this.nodes = known.size;
    }

    // Of each arc, in the square of side 1: west, north, east, south; length;
    // twice the area between it and the origin, by which rings are measured.
    measure() {
        this.boxes = new Float64Array(4 * this.count);
        this.lengths = new Float32Array(this.count);
        this.areas = new Float64Array(this.count);
        const {boxes, first, x, y} = this;
        for (let arc = 0; arc < this.count; arc++) {
            let [west, north] = [Infinity, Infinity];
            let [east, south] = [-Infinity, -Infinity];
            let area = 0;
            let length = 0;
            for (let i = first[arc]; i < first[arc + 1]; i++) {
                west = Math.min(west, x[i]);
                north = Math.min(north, y[i]);
                east = Math.max(east, x[i]);
                south = Math.max(south, y[i]);
                if (i === first[arc]) continue;
                const dx = x[i] - x[i - 1];
                const dy = y[i] - y[i - 1];
                area += x[i - 1] * dy - y[i - 1] * dx;
                length += Math.sqrt(dx * dx + dy * dy);
            }
            boxes.set([west, north, east, south], 4 * arc);
            this.areas[arc] = area;
            this.lengths[arc] = length;
        }
    }

    // Arcs that bound a sum of states: [state, version, weight] each. Where
    // the weights of an arc sum to an even number, both its sides are alike.
    bounding(terms) {
        const {since, until, owner, side, sums} = this;
        const touched = [];
        for (const [state, version, weight] of terms) {
            const runs = this.runsOf[state];
            for (let i = 0; i < runs.length; i++) {
                const run = runs[i];
                if (since[run] <= version && version < until[run]) {
                    sums[owner[run]] += weight * side[run];
                    touched.push(owner[run]);
                }
            }
        }
        const found = [];
        for (const row of touched) {
            const sum = sums[row];
            sums[row] = 0;
            if (sum & 1) this.addArcs(found, row, sum > 0 ? 1 : -1);
        }
        return found;
    }

    // Those of a signature, in the direction in which it is meant.
    addArcs(found, signature, sign) {
        const {turned, bySignature, firstOf} = this;
        for (let i = firstOf[signature]; i < firstOf[signature + 1]; i++) {
            const arc = bySignature[i];
            found.push((arc + 1) * turned[arc] * sign);
        }
    }

    start(used) {
        return used > 0 ? this.head[used - 1] : this.tail[-used - 1];
    }

    end(used) {
        return used > 0 ? this.tail[used - 1] : this.head[-used - 1];
    }

    // Arcs laid end to start. Open chains begin where more arcs leave than
    // arrive; all others close.
    chains(used) {
        const {top, balance} = this;
        const below = new Int32Array(used.length);
        for (let row = 0; row < used.length; row++) {
            const start = this.start(used[row]);
            below[row] = top[start];
            top[start] = row;
            balance[start]++;
            balance[this.end(used[row])]--;
        }
        const begins = used.filter(arc => balance[this.start(arc)] > 0);
        for (const arc of used) {
            balance[this.start(arc)] = balance[this.end(arc)] = 0;
        }
        const found = [];
        for (const arc of [...begins, ...used]) {
            const chain = [];
            let node = this.start(arc);
            while (top[node] >= 0) {
                const row = top[node];
                top[node] = below[row];
                chain.push(used[row]);
                node = this.end(used[row]);
            }
            if (chain.length) found.push(chain);
        }
        return found;
    }

    outline(terms) {
        return this.chains(this.bounding(terms));
    }

    // Whether arcs that bound an area enclose a point, in degrees: how often
    // a line from it eastward crosses them. Of an arc all to the east it
    // matters only whether its ends are on different sides.
    encloses(used, longitude, latitude) {
        const px = geofrontX(longitude);
        const py = geofrontY(latitude);
        const {x, y, boxes, first} = this;
        let inside = false;
        for (const arc of used) {
            const row = Math.abs(arc) - 1;
            const box = 4 * row;
            if (boxes[box + 1] > py || boxes[box + 3] < py
                || boxes[box + 2] < px) continue;
            const last = first[row + 1] - 1;
            if (boxes[box] > px) {
                if (y[first[row]] > py !== y[last] > py) inside = !inside;
                continue;
            }
            for (let i = first[row] + 1; i <= last; i++) {
                const above = y[i] > py;
                if (above === y[i - 1] > py) continue;
                const share = (py - y[i]) / (y[i - 1] - y[i]);
                if (x[i] + share * (x[i - 1] - x[i]) > px) inside = !inside;
            }
        }
        return inside;
    }

    *vertices(chain) {
        for (const used of chain) {
            const arc = Math.abs(used) - 1;
            const last = this.first[arc + 1] - this.first[arc] - 1;
            for (let i = 0; i < last; i++) {
                yield used > 0 ? this.first[arc] + i
                    : this.first[arc + 1] - 1 - i;
            }
        }
    }

    // West, north, east, south of a chain.
    box(chain) {
        const box = [Infinity, Infinity, -Infinity, -Infinity];
        for (const used of chain) {
            const at = 4 * Math.abs(used) - 4;
            for (const side of [0, 1]) {
                box[side] = Math.min(box[side], this.boxes[at + side]);
                box[side + 2] = Math.max(box[side + 2],
                    this.boxes[at + side + 2]);
            }
        }
        return box;
    }

    // Rings that are wide enough to be outlined, and those that are not.
    sorted(rings) {
        const broad = [];
        const slivers = [];
        for (const ring of rings) {
            (this.width(ring) < GEOFRONT_SLIVER_KM ? slivers : broad)
                .push(ring);
        }
        return {broad, slivers};
    }

    // Twice the area of a ring by its length: how wide it is on average.
    width(ring) {
        let area = 0;
        let length = 0;
        for (const used of ring) {
            const arc = Math.abs(used) - 1;
            area += used > 0 ? this.areas[arc] : -this.areas[arc];
            length += this.lengths[arc];
        }
        const start = this.first[Math.abs(ring[0]) - 1];
        return Math.abs(area) / length
            * geofrontKm(this.latitude[start] * this.grid);
    }

    // Longitude and latitude of the vertices of a chain, in degrees.
    degrees(chain) {
        return Array.from(this.vertices(chain), i => [
            this.longitude[i] * this.grid, this.latitude[i] * this.grid]);
    }
}

function geofrontX(longitude) {
    return longitude / 360 + 0.5;
}

function geofrontY(latitude) {
    const sine = Math.sin(latitude * Math.PI / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

// Kilometres that the side of Mercator's square is long at a latitude.
function geofrontKm(latitude) {
    return 40075.017 * Math.cos(latitude * Math.PI / 180);
}
