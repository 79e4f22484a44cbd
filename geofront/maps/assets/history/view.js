// What two pens have in common that draw the same picture: on a canvas, and as
// SVG.
//
// A view places Mercator's square on the paper: `scale` pixels a side, less
// `left` and `top`; `width` and `height` are the paper's.

// Lines nearer than this to the last point are left to the next, in pixels.
const GEOFRONT_FINE = 0.8;

// Within a change, its edge is darker.
const GEOFRONT_RIM = {colour: "#000000", width: 2, opacity: 0.5};

// Follow chains of arcs. What lies wholly to one side of the paper is drawn
// as a straight line, which is never seen either.
function geofrontTrace(sink, arcs, chains, view, closed) {
    const {x, y, first, boxes} = arcs;
    const {scale, left, top} = view;
    const [west, north, east, south] = view.box;
    const fine = view.fine ?? GEOFRONT_FINE;
    for (const chain of chains) {
        let begun = false;
        let px = 0;
        let py = 0;
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
                if (!begun) {
                    sink.moveTo(qx, qy);
                    begun = true;
                } else if (i < count - 1 && Math.abs(qx - px)
                    + Math.abs(qy - py) < fine) {
                    continue;
                } else {
                    sink.lineTo(qx, qy);
                }
                px = qx;
                py = qy;
            }
        }
        if (closed) sink.closePath();
    }
}

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
