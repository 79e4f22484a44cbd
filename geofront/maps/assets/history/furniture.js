// What a picture that leaves its page must say: day, source, terms, scale.
class GeofrontFurniture {
    constructor(page, pen, swipe) {
        this.page = page;
        this.pen = pen;
        this.swipe = swipe;
    }

    // Returns the boxes that it takes.
    draw() {
        this.pen.group("furniture", () => {
            this.drawLegend();
            this.drawOrigin();
            this.drawScale();
            if (this.swipe !== null) this.drawDivider();
        });
        const {width, height} = this.pen.view;
        return [[10, 10, this.legendSide, this.legendEnd],
            [0, this.originStart, width, height]];
    }

    // Versions that are to be seen, the earlier first.
    get versions() {
        const {since, version} = this.page.scene;
        return this.swipe === null ? [version] : [since, version];
    }

    // The line between two days, and beneath the legend which is where.
    drawDivider() {
        const {pen, swipe, page} = this;
        const {format, days} = page.about;
        const line = pen.line([[swipe, 0], [swipe, this.originStart]]);
        pen.stroke(line, {colour: "#FFFFFF", width: 4});
        pen.stroke(line, {colour: "#1A1A1A", width: 2});
        const [left, right] = this.versions.map(at =>
            format.dayInShort(days[at]));
        const style = {size: 12, bold: true, colour: "#1A1A1A"};
        const y = this.legendEnd + 12;
        const wide = pen.width(`← ${left}`, style) + 12;
        pen.box(swipe - 8 - wide, y, wide, 20, {fill: "#FFFFFF"});
        pen.text(`← ${left}`, swipe - 14, y + 14, {...style, align: "right"});
        pen.box(swipe + 8, y, pen.width(`${right} →`, style) + 12, 20,
            {fill: "#FFFFFF"});
        pen.text(`${right} →`, swipe + 14, y + 14, style);
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
        const day = geofrontDays(this.page);
        const width = Math.max(...all.map(([, text]) =>
            pen.width(text, {size: 12}) + 48),
            pen.width(day, {size: 16, bold: true}) + 20);
        this.legendEnd = 46 + 18 * all.length;
        this.legendSide = 10 + width;
        pen.box(10, 10, width, this.legendEnd - 10, {fill: "#FFFFFF",
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
        const {about} = this.page;
        const sizes = {occupied: about.occupied, grey_zone: about.grey}[name];
        const told = this.versions.map(at => sizes?.[at]).filter(Boolean);
        return told.length < this.versions.length ? ""
            : ` ${told.map(size => about.format.km2(size)).join(" | ")}`;
    }

    drawKey(name, x, y) {
        const {pen} = this;
        const {paint} = this.page.about;
        const change = paint.change[name];
        if (change) {
            pen.box(x, y, 22, 12, {fill: change, opacity: 0.7,
                colour: "#1A1A1A"});
            const pattern = name === "grey_zone_held" ? "spots"
                : name.startsWith("occupied_") ? "counter" : null;
            if (pattern) pen.box(x, y, 22, 12, {fill: pattern});
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
        const {about, words} = this.page;
        const {width, height} = pen.view;
        const style = {size: 10, colour: "#404040"};
        const origin = geofrontFill(words.origin, {"%s": about.title,
            "%t": this.versions.map(at =>
                about.format.moment(about.moments[at])).join("; ")});
        const lines = geofrontWrap(pen, [origin, ...about.remarks,
            ...about.terms, about.credits, ...this.tiles()]
            .filter(Boolean).join(" · "), width - 150, style);
        const top = height - 8 - 13 * lines.length;
        this.originStart = top;
        pen.box(0, top, width, height - top, {fill: "#FFFFFF", opacity: 0.88});
        lines.forEach((line, i) => {
            pen.text(line, 10, height - 8 - 13 * (lines.length - 1 - i),
                style);
        });
    }

    // Whose tiles lie beneath; in a drawing, which has none, that they do not.
    tiles() {
        const found = [];
        this.page.map.eachLayer(layer => {
            if (!(layer instanceof L.GridLayer)) return;
            const text = new DOMParser().parseFromString(
                layer.getAttribution() ?? "", "text/html").body.textContent;
            found.push(text.trim());
        });
        return this.pen.isFile && found.length ? [this.page.words.noTiles]
            : found;
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

// The day that is shown, or both with a divider between them.
function geofrontDays({about, scene}) {
    const {version, since, swipe} = scene;
    const days = swipe === null || since < 0 ? [version] : [since, version];
    return days.map(at => about.format.day(about.days[at])).join(" | ");
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
