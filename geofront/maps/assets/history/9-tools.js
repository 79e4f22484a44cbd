// Tools: link, pictures, table, print, full screen.

class GeofrontTools {
    constructor(page) {
        this.page = page;
        const {words, root} = page;
        this.box = geofrontMake("details", "geofront-tools", root);
        L.DomEvent.disableClickPropagation(this.box);
        geofrontMake("summary", "", this.box, words.tools.title);
        page.link.addTo(this.box);
        for (const [name, act] of Object.entries({
            png: () => this.savePng(),
            svg: () => this.saveSvg(),
            csv: () => this.saveCsv(),
            print: () => print(),
            full: () => this.fillScreen(),
        })) {
            const button = geofrontMake("button", `geofront-${name}`,
                this.box, words.tools[name]);
            button.type = "button";
            button.addEventListener("click", act);
        }
    }

    fillScreen() {
        if (document.fullscreenElement) document.exitFullscreen();
        else this.page.root.requestFullscreen();
    }

    save(blob, ending) {
        const {about, scene} = this.page;
        const day = new Date(about.days[scene.version] * 86400000)
            .toISOString().slice(0, 10);
        const anchor = document.createElement("a");
        anchor.href = URL.createObjectURL(blob);
        anchor.download = `${about.source}-${day}.${ending}`;
        anchor.click();
        setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
    }

    // What the map shows, without its margin.
    view() {
        const {layer, map} = this.page;
        const {scale, left, top, hatch} = layer.view;
        const {x, y} = map.getSize();
        return {...geofrontView(scale, left + layer.margin.x,
            top + layer.margin.y, x, y), hatch};
    }

    compose(pen) {
        const {layer, painter, scene, map} = this.page;
        const taken = painter.drawNames(new GeofrontNoPen(pen), scene);
        const swipe = layer.swipeAt() === null ? null
            : scene.swipe * map.getSize().x;
        painter.drawGround(pen);
        layer.drawOn(pen, swipe, taken);
        painter.drawNames(pen, scene);
        new GeofrontFurniture(this.page, pen).draw();
    }

    async savePng() {
        const canvas = document.createElement("canvas");
        const pen = new GeofrontCanvasPen(canvas, this.view(), 2);
        pen.box(0, 0, pen.view.width, pen.view.height,
            {fill: this.page.about.paint.beyond});
        this.drawTiles(pen);
        this.compose(pen);
        this.save(await new Promise(done => canvas.toBlob(done)), "png");
    }

    drawTiles(pen) {
        const {left, top} = this.page.root.getBoundingClientRect();
        for (const tile of this.page.root.querySelectorAll(
            ".leaflet-tile-pane img.leaflet-tile-loaded")) {
            const box = tile.getBoundingClientRect();
            pen.context.drawImage(tile, box.left - left, box.top - top,
                box.width, box.height);
        }
    }

    saveSvg() {
        const {about, scene} = this.page;
        const pen = new GeofrontSvgPen(this.view(), `${about.title}, `
            + about.format.day(about.days[scene.version]));
        pen.group("background", () => pen.box(0, 0, pen.view.width,
            pen.view.height, {fill: about.paint.beyond}));
        this.compose(pen);
        const text = new XMLSerializer().serializeToString(pen.root);
        this.save(new Blob([text], {type: "image/svg+xml"}), "svg");
    }

    // The series as it was put into the page. A byte-order mark, so that
    // spreadsheets take it for what it is.
    saveCsv() {
        const {about} = this.page;
        const rows = about.moments.map((moment, i) => [
            new Date(about.days[i] * 86400000).toISOString().slice(0, 10),
            new Date(moment * 1000).toISOString().replace(".000", ""),
            about.source, about.occupied[i], about.grey[i] ?? ""]);
        const head = ["date", "published_at", "source", "occupied_km2",
            "grey_zone_km2"];
        const text = [head, ...rows].map(row => row.join(",")).join("\r\n");
        this.save(new Blob(["\ufeff", text, "\r\n"], {type: "text/csv"}),
            "csv");
    }
}

// Takes up the room of names without drawing them.
class GeofrontNoPen {
    constructor(pen) {
        this.view = pen.view;
        this.ruler = pen;
    }

    group(_name, draw) {
        draw(this);
    }

    width(words, style) {
        return this.ruler.width(words, style);
    }

    text() {}

    circle() {}
}

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
        const style = {size: 10, colour: "#404040", halo: "#FFFFFF"};
        const origin = words.origin.replace("%s", about.title)
            .replace("%t", about.format.moment(about.moments[scene.version]));
        const lines = geofrontWrap(pen, [origin, ...about.remarks,
            ...about.terms, about.credits].join(" "), width - 170, style);
        lines.forEach((line, i) => pen.text(line, 10,
            height - 8 - 13 * (lines.length - 1 - i), style));
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

// ---- link: day, view and change in the address

class GeofrontLink {
    constructor(page) {
        this.page = page;
        // A page inside a notebook has no address of its own.
        this.has = location.protocol !== "about:";
        if (this.has) addEventListener("hashchange", () => {
            if (location.hash === this.last) return;
            this.read();
            this.view();
            page.show(page.scene.version);
        });
    }

    addTo(parent) {
        if (!this.has) return;
        const {words} = this.page;
        this.anchor = geofrontMake("a", "geofront-link", parent,
            words.tools.link);
        this.anchor.addEventListener("click", async event => {
            event.preventDefault();
            this.write();
            if (!navigator.clipboard) return;
            await navigator.clipboard.writeText(this.anchor.href);
            this.anchor.textContent = words.tools.copied;
            setTimeout(() => {
                this.anchor.textContent = words.tools.link;
            }, 1500);
        });
    }

    read() {
        const {about, model, scene} = this.page;
        const asked = new URLSearchParams(this.has ? location.hash.slice(1)
            : "");
        const moment = Date.parse(asked.get("at") ?? "") / 1000;
        if (Number.isFinite(moment)) scene.version = model.versionAt(moment);
        const change = asked.get("change");
        const known = ["none", ...about.spans,
            ...(about.compare === null ? [] : ["fixed"])];
        if (known.includes(change)) scene.change = change;
        const view = (asked.get("view") ?? "").split(",").map(Number);
        this.asked = view.length === 3 && view.every(Number.isFinite)
            && Math.abs(view[0]) <= 85 && Math.abs(view[1]) <= 180
            ? view : null;
    }

    view() {
        if (!this.asked) return;
        const [latitude, longitude, zoom] = this.asked;
        this.page.map.setView([latitude, longitude], zoom, {animate: false});
    }

    write() {
        const {about, map, scene, time} = this.page;
        if (!this.has || !this.anchor || time.timer) return;
        const {lat, lng} = map.getCenter();
        const moment = new Date(about.moments[scene.version] * 1000)
            .toISOString().replace(".000", "");
        this.last = `#at=${moment}&view=${lat.toFixed(4)},`
            + `${lng.toFixed(4)},${map.getZoom()}&change=${scene.change}`;
        this.anchor.href = this.last;
        // Browsers refuse more than a few a second.
        clearTimeout(this.due);
        this.due = setTimeout(() =>
            history.replaceState(null, "", this.last), 300);
    }
}
