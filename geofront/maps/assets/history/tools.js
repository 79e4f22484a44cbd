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
        const swipe = layer.swipeAt() === null ? null
            : Math.round(scene.swipe * map.getSize().x);
        const none = new GeofrontNoPen(pen);
        const room = new GeofrontFurniture(this.page, none, swipe).draw();
        const taken = painter.drawNames(none, scene, room);
        painter.drawGround(pen);
        layer.drawOn(pen, swipe, taken);
        painter.drawNames(pen, scene, room);
        new GeofrontFurniture(this.page, pen, swipe).draw();
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
        const {about} = this.page;
        const pen = new GeofrontSvgPen(this.view(), `${about.title}, `
            + geofrontDays(this.page));
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

// Takes up the room of names and furniture without drawing them.
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

    box() {}

    line() {}

    stroke() {}
}
