// What a picture that leaves its page must say: day, source, terms, scale.
class GeofrontFurniture {
    constructor(page, pen) {
        this.page = page;
        this.pen = pen;
    }

    draw() {
        this.pen.group("furniture", () => {
            this.drawLegend();
            this.drawOrigin();
            this.drawScale();
        });
    }

    drawLegend() {
        const {pen} = this;
        const {about, scene, words, model} = this.page;
        const {format} = about;
        const {version, since} = scene;
        const lines = about.keys.filter(name => scene.shown[name]
            && !["places", "towns"].includes(name))
            .map(name => [name, words.layers[name] + this.size(name)]);
        const changes = since < 0 || scene.swipe !== null ? []
            : Object.keys(about.paint.change)
                .filter(name => about.keys.includes("grey_zone")
                    || !name.includes("grey_zone"))
                .map(name => [name, words.changes[name]]);
        if (changes.length && model.masked(since, version).length) {
            changes.push(["redrawn", words.redrawn]);
        }
        const net = since < 0 ? [] : [[null,
            `${format.dayInShort(about.days[since])} → `
            + `${format.dayInShort(about.days[version])}: ${words.net} `
            + format.signed(model.net(version, since))]];
        const all = [...lines, ...net, ...changes];
        const day = format.day(about.days[version]);
        const width = Math.max(...all.map(([, text]) =>
            pen.width(text, {size: 12}) + 48),
            pen.width(day, {size: 16, bold: true}) + 20);
        pen.box(10, 10, width, 36 + 18 * all.length, {fill: "#FFFFFF",
            opacity: 0.92, colour: "#BFBFBF"});
        pen.text(day, 20, 31, {size: 16, bold: true, colour: "#1A1A1A"});
        all.forEach(([name, text], i) => {
            const y = 40 + 18 * i;
            if (name) this.drawKey(name, 20, y);
            pen.text(text, name ? 48 : 20, y + 11,
                {size: 12, colour: "#1A1A1A"});
        });
    }

    size(name) {
        const {about, scene} = this.page;
        const sizes = {occupied: about.occupied, grey_zone: about.grey};
        const size = sizes[name]?.[scene.version];
        return size ? ` ${about.format.km2(size)}` : "";
    }

    drawKey(name, x, y) {
        const {pen} = this;
        const {paint} = this.page.about;
        const change = paint.change[name];
        if (change) {
            pen.box(x, y, 22, 12, {fill: change, opacity: 0.7,
                colour: "#1A1A1A"});
            if (name.startsWith("occupied_")) {
                pen.box(x, y, 22, 12, {fill: "counter"});
            }
        } else if (name === "redrawn") {
            for (const fill of GEOFRONT_NEUTRAL) pen.box(x, y, 22, 12, {fill});
        } else if (name === "front") {
            const line = pen.line([[x, y + 6], [x + 22, y + 6]]);
            pen.stroke(line, paint.front);
        } else if (name === "grey_zone") {
            pen.box(x, y, 22, 12, {fill: "#FFFFFF"});
            pen.box(x, y, 22, 12, {fill: "hatch",
                colour: paint.greyRim.colour});
        } else {
            pen.box(x, y, 22, 12, paint[name]);
        }
    }

    drawOrigin() {
        const {pen} = this;
        const {about, scene, words} = this.page;
        const {width, height} = pen.view;
        const style = {size: 10, colour: "#404040"};
        const origin = geofrontFill(words.origin, {"%s": about.title,
            "%t": about.format.moment(about.moments[scene.version])});
        const lines = geofrontWrap(pen, [origin, ...about.remarks,
            ...about.terms, about.credits].join(" · "), width - 150, style);
        const top = height - 8 - 13 * lines.length;
        pen.box(0, top, width, height - top, {fill: "#FFFFFF", opacity: 0.88});
        lines.forEach((line, i) => {
            pen.text(line, 10, height - 8 - 13 * (lines.length - 1 - i),
                style);
        });
    }

    // A bar of a round length at the middle of the picture.
    drawScale() {
        const {pen} = this;
        const {map, about} = this.page;
        const {width, height, scale} = pen.view;
        const pixels = scale / geofrontKm(map.getCenter().lat);
        const room = 110 / pixels;
        const power = 10 ** Math.floor(Math.log10(room));
        const km = [5, 2, 1].find(step => step * power <= room) * power;
        const right = width - 14;
        const left = right - km * pixels;
        const y = height - 14;
        const bar = pen.line([[left, y - 5], [left, y], [right, y],
            [right, y - 5]]);
        pen.stroke(bar, {colour: "#FFFFFF", width: 4});
        pen.stroke(bar, {colour: "#1A1A1A", width: 1.4});
        const text = km < 1 ? `${km * 1000} ${about.words.units.m}`
            : `${km} ${about.words.units.km}`;
        pen.text(text, (left + right) / 2, y - 7, {size: 11, align: "center",
            colour: "#1A1A1A", halo: "#FFFFFF"});
    }
}

function geofrontWrap(pen, text, width, style) {
    const lines = [""];
    for (const word of text.split(" ")) {
        const longer = `${lines.at(-1)} ${word}`.trim();
        if (pen.width(longer, style) <= width) lines[lines.length - 1] = longer;
        else lines.push(word);
    }
    return lines;
}
