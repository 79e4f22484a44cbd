// A pen that draws on a canvas. See view.js.

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

    line(points, path = new Path2D()) {
        points.forEach(([x, y], i) => {
            if (i) path.lineTo(x, y);
            else path.moveTo(x, y);
        });
        return path;
    }

    // Circles and rings as one path.
    rims(discs, rings) {
        const path = new Path2D();
        for (const {point: [x, y], radius} of discs) {
            path.moveTo(x + radius, y);
            path.arc(x, y, radius, 0, 2 * Math.PI);
        }
        for (const ring of rings) this.line(ring, path);
        return path;
    }

    fill(path, {fill, opacity = 1}) {
        const {context} = this;
        context.globalAlpha = opacity;
        context.fillStyle = this.ink(fill);
        context.fill(path, "evenodd");
        context.globalAlpha = 1;
    }

    stroke(path, {colour, width, opacity = 1, dash = []}) {
        const {context} = this;
        context.globalAlpha = opacity;
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.lineJoin = width > 3 ? "round" : "bevel";
        context.setLineDash(dash);
        context.stroke(path);
        context.globalAlpha = 1;
    }

    // Draw within paths only.
    within(paths, draw, rule = "evenodd") {
        this.context.save();
        for (const path of paths) this.context.clip(path, rule);
        draw();
        this.context.restore();
    }

    withinBox(x, y, width, height, draw) {
        const box = new Path2D();
        box.rect(x, y, width, height);
        this.within([box], draw);
    }

    // Draw several things as one, so that they do not shine through; all of
    // it lies within boxes, in pixels.
    group(_name, draw, {opacity = 1, boxes = []} = {}) {
        if (opacity === 1) {
            draw(this);
            return;
        }
        this.other ??= new GeofrontCanvasPen(document.createElement("canvas"),
            this.view, this.ratio);
        const {context, other} = this;
        const places = new Path2D();
        for (const [west, north, east, south] of boxes) {
            places.rect(west, north, east - west, south - north);
        }
        other.clear();
        other.within([places], () => draw(other), "nonzero");
        this.within([places], () => {
            context.globalAlpha = opacity;
            context.drawImage(other.canvas, 0, 0, this.view.width,
                this.view.height);
        }, "nonzero");
    }

    // Colour areas, and parts of each by what else lies there; a later one
    // covers those before. Begun with the last on paper that is empty, so
    // that each finds where there is paint already. Over all of them what is
    // neutral.
    colour(blocks, neutral) {
        const {context} = this;
        const [last, ...others] = blocks.slice().reverse();
        this.fill(last.area, last);
        context.globalCompositeOperation = "source-atop";
        for (const [part, fill] of last.parts) this.fill(part, {fill});
        this.stroke(last.rim, GEOFRONT_RIM);
        context.globalCompositeOperation = "destination-over";
        for (const {area, fill, parts, rim} of others) {
            this.within([area], () => {
                this.stroke(rim, GEOFRONT_RIM);
                for (const [part, fill] of parts.slice().reverse()) {
                    this.fill(part, {fill});
                }
                this.fill(area, {fill});
            });
        }
        context.globalCompositeOperation = "source-atop";
        for (const fill of GEOFRONT_NEUTRAL) {
            for (const area of neutral) this.fill(area, {fill});
        }
        context.globalCompositeOperation = "source-over";
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
        context.fillStyle = this.ink(fill);
        context.fillRect(x, y, width, height);
        context.globalAlpha = 1;
        if (colour) {
            context.setLineDash([]);
            context.strokeStyle = colour;
            context.lineWidth = 1;
            context.strokeRect(x, y, width, height);
        }
    }

    // A colour, or the pattern of that name.
    ink(fill) {
        const size = 8 * this.ratio;
        if (fill === "hatch") {
            return this.pattern(fill, geofrontStripes, size, this.view.hatch,
                1);
        }
        if (fill === "counter") {
            return this.pattern(fill, geofrontStripes, size, "#FFFFFF", -1);
        }
        const colour = {dots: GEOFRONT_DOT, spots: "#FFFFFF"}[fill];
        return colour ? this.pattern(fill, geofrontDots, size, colour) : fill;
    }

    // Tiles anchored to the ground, so that they move with it.
    pattern(name, make, ...options) {
        this.tiles ??= {};
        this.tiles[name] ??= this.context.createPattern(make(...options),
            "repeat");
        const {left, top} = this.view;
        this.tiles[name].setTransform(new DOMMatrix([1 / this.ratio, 0, 0,
            1 / this.ratio, -(left % 8), -(top % 8)]));
        return this.tiles[name];
    }
}

// Stripes at 45°, rising or falling.
function geofrontStripes(size, colour, rise) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = 1.7 * size / 8;
    const [low, high] = rise > 0 ? [size + 2, -2] : [-2, size + 2];
    for (const shift of [-size, 0, size]) {
        pen.moveTo(shift - 2, low);
        pen.lineTo(shift + size + 2, high);
    }
    pen.stroke();
    return tile;
}

// Two dots a tile, one lower and to the right of the other.
function geofrontDots(size, colour) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = tile.getContext("2d");
    pen.fillStyle = colour;
    for (const at of [0.25, 0.75]) {
        pen.beginPath();
        pen.arc(at * size, at * size, 0.15 * size, 0, 2 * Math.PI);
        pen.fill();
    }
    return tile;
}
