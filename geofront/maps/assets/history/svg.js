// A pen that draws SVG: a file, which has a title, or a part of the page. See
// view.js.

const GEOFRONT_SVG = "http://www.w3.org/2000/svg";

class GeofrontSvgPen {
    constructor(view, title) {
        this.isFile = title !== undefined;
        this.view = this.isFile ? {...view, fine: 0.05} : view;
        this.root = this.element("svg", {
            xmlns: GEOFRONT_SVG, width: view.width, height: view.height,
            viewBox: `0 0 ${view.width} ${view.height}`,
            [this.isFile ? "role" : "aria-hidden"]: this.isFile ? "img" : true,
        });
        this.place = this.root;
        this.clips = 0;
        this.ruler = document.createElement("canvas").getContext("2d");
        if (!this.isFile) return;
        this.root.append(this.element("title", {}, title), this.hatching());
    }

    element(name, attributes, text) {
        const made = document.createElementNS(GEOFRONT_SVG, name);
        for (const [key, value] of Object.entries(attributes)) {
            if (value !== undefined) made.setAttribute(key, value);
        }
        // A file of XML must not hold control characters, nor half a pair.
        if (text !== undefined) {
            made.textContent = text.replace(
                /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " ");
        }
        return made;
    }

    draw(name, attributes, text) {
        const made = this.element(name, attributes, text);
        this.place.append(made);
        return made;
    }

    hatching() {
        const shared = this.element("defs", {});
        shared.append(this.stripes("hatch", this.view.hatch,
            "M-2 10 L10 -2 M-2 2 L2 -2 M6 10 L10 6"));
        shared.append(this.stripes("counter", "#FFFFFF",
            "M-2 -2 L10 10 M-2 6 L2 10 M6 -2 L10 2"));
        shared.append(this.dots("dots", GEOFRONT_DOT));
        shared.append(this.dots("spots", "#FFFFFF"));
        return shared;
    }

    dots(id, fill) {
        return this.pattern(id, ...[2, 6].map(at =>
            this.element("circle", {cx: at, cy: at, r: 1.2, fill})));
    }

    stripes(id, stroke, d) {
        return this.pattern(id, this.element("path", {d, stroke,
            "stroke-width": 1.7}));
    }

    pattern(id, ...parts) {
        const pattern = this.element("pattern", {id, width: 8, height: 8,
            patternUnits: "userSpaceOnUse"});
        pattern.append(...parts);
        return pattern;
    }

    ink(fill) {
        return ["hatch", "counter", "dots", "spots"].includes(fill)
            ? `url(#${fill})` : fill;
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

    rims(discs, rings) {
        const circles = discs.map(({point: [x, y], radius}) => {
            const r = radius.toFixed(1);
            return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}`
                + `a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
        });
        return [...circles, ...rings.map(ring => this.line(ring))].join("");
    }

    fill(path, {fill, opacity}) {
        if (!path) return;
        this.draw("path", {d: path, "fill-rule": "evenodd",
            fill: this.ink(fill),
            "fill-opacity": opacity});
    }

    stroke(path, {colour, width, opacity, dash}) {
        if (!path) return;
        this.draw("path", {d: path, fill: "none", stroke: colour,
            "stroke-width": width, "stroke-opacity": opacity,
            "stroke-linejoin": "round", "stroke-linecap": "round",
            "stroke-dasharray": dash?.join(" ")});
    }

    colour(blocks, neutral) {
        for (const {area, fill, parts, rim} of blocks) {
            this.fill(area, {fill});
            this.within([area], () => {
                for (const [part, fill] of parts) this.fill(part, {fill});
                this.stroke(rim, GEOFRONT_RIM);
                for (const fill of GEOFRONT_NEUTRAL) {
                    for (const part of neutral) this.fill(part, {fill});
                }
            });
        }
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
        // Names are told apart within one file only.
        this.place = this.draw("g", {id: this.isFile ? name : undefined,
            opacity});
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
            fill: this.ink(fill), stroke: colour});
    }
}
