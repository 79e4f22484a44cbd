// Two pens that draw the same picture: on a canvas, and as SVG.
//
// A view places Mercator's square on the paper: `scale` pixels a side, less
// `left` and `top`; `width` and `height` are the paper's.

// Lines nearer than this to the last point are left to the next, in pixels.
const GEOFRONT_FINE = 0.6;

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

class GeofrontCanvasPen {
    constructor(canvas, view, ratio) {
        this.canvas = canvas;
        this.view = view;
        this.ratio = ratio;
        canvas.width = Math.round(view.width * ratio);
        canvas.height = Math.round(view.height * ratio);
        this.context = canvas.getContext("2d");
        this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
        this.context.lineCap = "round";
    }

    clear() {
        this.context.clearRect(0, 0, this.view.width, this.view.height);
    }

    // Two paths of rings: of all of them, and of those to be outlined.
    paths(arcs, {broad, slivers}) {
        const rim = this.path(arcs, broad);
        const area = slivers.length ? new Path2D(rim) : rim;
        geofrontTrace(area, arcs, slivers, this.view, true);
        return {area, rim};
    }

    path(arcs, chains, closed = true) {
        const path = new Path2D();
        geofrontTrace(path, arcs, chains, this.view, closed);
        return path;
    }

    line(points) {
        const path = new Path2D();
        points.forEach(([x, y], i) => {
            if (i) path.lineTo(x, y);
            else path.moveTo(x, y);
        });
        return path;
    }

    fill(path, {fill, opacity = 1}) {
        const {context} = this;
        context.globalAlpha = opacity;
        context.fillStyle = fill === "hatch" ? this.hatching() : fill;
        context.fill(path, "evenodd");
        context.globalAlpha = 1;
    }

    stroke(path, {colour, width, opacity = 1, dash = []}) {
        const {context} = this;
        context.globalAlpha = opacity;
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.lineJoin = width > 1.5 ? "round" : "bevel";
        context.setLineDash(dash);
        context.stroke(path);
        context.globalAlpha = 1;
    }

    // Draw within paths only.
    within(paths, draw) {
        this.context.save();
        for (const path of paths) this.context.clip(path, "evenodd");
        draw();
        this.context.restore();
    }

    withinBox(x, y, width, height, draw) {
        const box = new Path2D();
        box.rect(x, y, width, height);
        this.within([box], draw);
    }

    // Draw several things as one, so that they do not shine through; all of
    // it lies within a box, in pixels.
    group(_name, draw, {opacity = 1, box} = {}) {
        if (opacity === 1) {
            draw(this);
            return;
        }
        const other = this.spare(box);
        draw(other);
        this.lay(other, opacity);
    }

    // An empty pen of the same size, to draw within a box.
    spare(box = [0, 0, this.view.width, this.view.height]) {
        this.other ??= new GeofrontCanvasPen(document.createElement("canvas"),
            this.view, this.ratio);
        const {width, height} = this.view;
        const west = Math.max(Math.floor(box[0]), 0);
        const north = Math.max(Math.floor(box[1]), 0);
        this.other.area = [west, north,
            Math.max(Math.min(Math.ceil(box[2]), width) - west, 1),
            Math.max(Math.min(Math.ceil(box[3]), height) - north, 1)];
        this.other.context.clearRect(...this.other.area);
        this.other.isEmpty = true;
        return this.other;
    }

    lay(other, opacity) {
        this.context.globalAlpha = opacity;
        this.context.drawImage(other.canvas,
            ...other.area.map(side => side * this.ratio), ...other.area);
        this.context.globalAlpha = 1;
    }

    // Colour an area, and parts of it by what else lies there.
    colour(area, fill, parts, rim) {
        const other = this.isEmpty ? this : this.spare(geofrontBox(this));
        this.isEmpty = false;
        other.fill(area, {fill});
        other.context.globalCompositeOperation = "source-atop";
        for (const [part, fill] of parts) other.fill(part, {fill});
        other.stroke(rim, GEOFRONT_RIM);
        other.context.globalCompositeOperation = "source-over";
        if (other !== this) this.lay(other, 1);
    }

    text(words, x, y, style) {
        const {context} = this;
        context.font = geofrontFont(style);
        context.textAlign = style.align ?? "left";
        context.textBaseline = "alphabetic";
        context.setLineDash([]);
        if (style.halo) {
            context.strokeStyle = style.halo;
            context.lineWidth = 3;
            context.lineJoin = "round";
            context.strokeText(words, x, y);
        }
        context.fillStyle = style.colour;
        context.fillText(words, x, y);
    }

    width(words, style) {
        this.context.font = geofrontFont(style);
        return this.context.measureText(words).width;
    }

    circle(x, y, radius, {fill, colour, width}) {
        const {context} = this;
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.setLineDash([]);
        context.fillStyle = fill;
        context.fill();
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.stroke();
    }

    box(x, y, width, height, {fill, opacity = 1, colour}) {
        const {context} = this;
        context.globalAlpha = opacity;
        context.fillStyle = fill === "hatch" ? this.hatching() : fill;
        context.fillRect(x, y, width, height);
        context.globalAlpha = 1;
        if (colour) {
            context.setLineDash([]);
            context.strokeStyle = colour;
            context.lineWidth = 1;
            context.strokeRect(x, y, width, height);
        }
    }

    // Stripes at 45°, anchored to the ground, so that they move with it.
    hatching() {
        const size = 8 * this.ratio;
        if (!this.stripes) {
            const tile = document.createElement("canvas");
            tile.width = tile.height = size;
            const pen = tile.getContext("2d");
            pen.strokeStyle = this.view.hatch;
            pen.lineWidth = 1.7 * this.ratio;
            for (const shift of [-size, 0, size]) {
                pen.moveTo(shift - 2, size + 2);
                pen.lineTo(shift + size + 2, -2);
            }
            pen.stroke();
            this.stripes = this.context.createPattern(tile, "repeat");
        }
        const {left, top} = this.view;
        this.stripes.setTransform(new DOMMatrix([1 / this.ratio, 0, 0,
            1 / this.ratio, -(left % 8), -(top % 8)]));
        return this.stripes;
    }
}

// The box that a pen was lent for, in pixels.
function geofrontBox({area: [west, north, width, height]}) {
    return [west, north, west + width, north + height];
}

function geofrontFont({size = 12, bold = false, italic = false}) {
    return `${italic ? "italic " : ""}${bold ? "bold " : ""}${size}px `
        + "\"Helvetica Neue\", Arial, sans-serif";
}

class GeofrontSvgPen {
    constructor(view, title) {
        this.view = {...view, fine: 0.1};
        this.root = this.element("svg", {
            xmlns: GEOFRONT_SVG, width: view.width, height: view.height,
            viewBox: `0 0 ${view.width} ${view.height}`, role: "img"});
        this.root.append(this.element("title", {}, title));
        this.place = this.root;
        this.clips = 0;
        this.ruler = document.createElement("canvas").getContext("2d");
        this.root.append(this.hatching());
    }

    element(name, attributes, text) {
        const made = document.createElementNS(GEOFRONT_SVG, name);
        for (const [key, value] of Object.entries(attributes)) {
            if (value !== undefined) made.setAttribute(key, value);
        }
        // A file of XML must not hold control characters.
        if (text !== undefined) {
            made.textContent = text.replace(/\p{Cc}/gu, " ");
        }
        return made;
    }

    draw(name, attributes, text) {
        const made = this.element(name, attributes, text);
        this.place.append(made);
        return made;
    }

    hatching() {
        const pattern = this.element("pattern", {id: "hatch", width: 8,
            height: 8, patternUnits: "userSpaceOnUse"});
        pattern.append(this.element("path", {
            d: "M-2 10 L10 -2 M-2 2 L2 -2 M6 10 L10 6",
            stroke: this.view.hatch, "stroke-width": 1.7}));
        const shared = this.element("defs", {});
        shared.append(pattern);
        return shared;
    }

    paths(arcs, {broad, slivers}) {
        const rim = this.path(arcs, broad);
        return {area: rim + this.path(arcs, slivers), rim};
    }

    path(arcs, chains, closed = true) {
        const found = [];
        const point = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
        geofrontTrace({
            moveTo: (x, y) => found.push(`M${point(x, y)}`),
            lineTo: (x, y) => found.push(`L${point(x, y)}`),
            closePath: () => found.push("Z"),
        }, arcs, chains, this.view, closed);
        return found.join("");
    }

    line(points) {
        return points.map(([x, y], i) =>
            `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    }

    fill(path, {fill, opacity}) {
        if (!path) return;
        this.draw("path", {d: path, "fill-rule": "evenodd",
            fill: fill === "hatch" ? "url(#hatch)" : fill,
            "fill-opacity": opacity});
    }

    stroke(path, {colour, width, opacity, dash}) {
        if (!path) return;
        this.draw("path", {d: path, fill: "none", stroke: colour,
            "stroke-width": width, "stroke-opacity": opacity,
            "stroke-linejoin": "round", "stroke-linecap": "round",
            "stroke-dasharray": dash?.join(" ")});
    }

    colour(area, fill, parts, rim) {
        this.fill(area, {fill});
        this.within([area], () => {
            for (const [part, fill] of parts) this.fill(part, {fill});
            this.stroke(rim, GEOFRONT_RIM);
        });
    }

    within(paths, draw) {
        const outer = this.place;
        for (const path of paths) {
            const id = `clip${++this.clips}`;
            const clip = this.draw("clipPath", {id});
            clip.append(this.element("path", {d: path || "M0 0",
                "clip-rule": "evenodd"}));
            this.place = this.draw("g", {"clip-path": `url(#${id})`});
        }
        draw();
        this.place = outer;
    }

    withinBox(x, y, width, height, draw) {
        this.within([`M${x} ${y}h${width}v${height}h${-width}Z`], draw);
    }

    group(name, draw, {opacity} = {}) {
        const outer = this.place;
        this.place = this.draw("g", {id: name, opacity});
        draw(this);
        this.place = outer;
    }

    text(words, x, y, style) {
        const {size = 12, bold, italic, align, halo, colour} = style;
        this.draw("text", {x: x.toFixed(1), y: y.toFixed(1), fill: colour,
            "font-family": "Helvetica Neue, Arial, sans-serif",
            "font-size": size, "font-weight": bold ? "bold" : undefined,
            "font-style": italic ? "italic" : undefined,
            "text-anchor": {right: "end", center: "middle"}[align],
            stroke: halo, "stroke-width": halo ? 3 : undefined,
            "stroke-linejoin": halo ? "round" : undefined,
            "paint-order": halo ? "stroke" : undefined}, words);
    }

    width(words, style) {
        this.ruler.font = geofrontFont(style);
        return this.ruler.measureText(words).width;
    }

    circle(x, y, radius, {fill, colour, width}) {
        this.draw("circle", {cx: x.toFixed(1), cy: y.toFixed(1), r: radius,
            fill, stroke: colour, "stroke-width": width});
    }

    box(x, y, width, height, {fill, opacity, colour}) {
        this.draw("rect", {x, y, width, height, "fill-opacity": opacity,
            fill: fill === "hatch" ? "url(#hatch)" : fill, stroke: colour});
    }
}

const GEOFRONT_SVG = "http://www.w3.org/2000/svg";
