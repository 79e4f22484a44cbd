// What two pens have in common that draw the same picture: on a canvas, and as
// SVG.
//
// A view places Mercator's square on the paper: `scale` pixels a side, less
// `left` and `top`; `width` and `height` are the paper's.

// Points that a line runs past no farther than this are left out, in pixels.
const GEOFRONT_FINE = 0.3;

// Within a change, its edge is darker.
const GEOFRONT_RIM = {colour: "#000000", width: 2, opacity: 0.5};

// Follow chains of arcs. What lies wholly to one side of the paper is drawn
// as a straight line, which is never seen either.
function geofrontTrace(sink, arcs, chains, view, closed) {
    const {x, y, first, boxes} = arcs;
    const {scale, left, top} = view;
    const [west, north, east, south] = view.box;
    const sieve = new GeofrontSieve(sink, view.fine ?? GEOFRONT_FINE);
    for (const chain of chains) {
        let begun = false;
        for (const used of chain) {
            const arc = Math.abs(used) - 1;
            const box = 4 * arc;
            const away = boxes[box] > east || boxes[box + 2] < west
                || boxes[box + 1] > south || boxes[box + 3] < north;
            const count = first[arc + 1] - first[arc];
            const step = away ? count - 1 : 1;
            const begin = used > 0 ? first[arc] : first[arc + 1] - 1;
            const turn = used > 0 ? 1 : -1;
            for (let i = begun ? step : 0; i < count; i += step) {
                const qx = x[begin + turn * i] * scale - left;
                const qy = y[begin + turn * i] * scale - top;
                if (begun) sieve.add(qx, qy);
                else sieve.start(qx, qy);
                begun = true;
            }
        }
        sieve.end();
        if (closed) sink.closePath();
    }
}

// Passes on a line without the points that the rest of it runs past nearer
// than `fine`: from the last point that was passed on, the directions that
// run past all later ones are a wedge, which narrows until a point is outside.
class GeofrontSieve {
    constructor(sink, fine) {
        this.sink = sink;
        this.fine = fine;
    }

    start(x, y) {
        this.sink.moveTo(x, y);
        this.turn(x, y);
    }

    // The line goes on from here in any direction.
    turn(x, y) {
        this.x = this.lastX = x;
        this.y = this.lastY = y;
        this.far = 0;
        this.isWide = true;
    }

    add(x, y) {
        let dx = x - this.x;
        let dy = y - this.y;
        let away = Math.sqrt(dx * dx + dy * dy);
        if (!this.admits(dx, dy, away)) {
            this.end();
            this.turn(this.lastX, this.lastY);
            dx = x - this.x;
            dy = y - this.y;
            away = Math.sqrt(dx * dx + dy * dy);
        }
        if (away > this.fine) this.narrow(dx, dy, away);
        if (away > this.far) this.far = away;
        this.lastX = x;
        this.lastY = y;
    }

    admits(dx, dy, away) {
        if (away < this.far - this.fine) return false;
        return this.isWide || away <= this.fine
            || (this.lowX * dy - this.lowY * dx >= 0
                && dx * this.highY - dy * this.highX >= 0);
    }

    narrow(dx, dy, away) {
        const sine = this.fine / away;
        const cosine = Math.sqrt(1 - sine * sine);
        const lowX = dx * cosine + dy * sine;
        const lowY = dy * cosine - dx * sine;
        if (this.isWide || this.lowX * lowY - this.lowY * lowX > 0) {
            this.lowX = lowX;
            this.lowY = lowY;
        }
        const highX = dx * cosine - dy * sine;
        const highY = dy * cosine + dx * sine;
        if (this.isWide || highX * this.highY - highY * this.highX > 0) {
            this.highX = highX;
            this.highY = highY;
        }
        this.isWide = false;
    }

    end() {
        this.sink.lineTo(this.lastX, this.lastY);
    }
}

// What is neither gained nor lost: a grey that is neither of theirs, dotted.
const GEOFRONT_DOT = "#595959";
const GEOFRONT_NEUTRAL = ["#D9D9D9", "dots"];

// The ground that a view shows, with a margin for the width of lines.
function geofrontView(scale, left, top, width, height) {
    const margin = 12;
    return {scale, left, top, width, height, box: [
        (left - margin) / scale, (top - margin) / scale,
        (left + width + margin) / scale, (top + height + margin) / scale]};
}

function geofrontFont({size = 12, bold = false, italic = false}) {
    return `${italic ? "italic " : ""}${bold ? "bold " : ""}${size}px `
        + "\"Helvetica Neue\", Arial, sans-serif";
}
