// The page around the picture: legend, time, tools. Every text is written as
// text, never as HTML.

class GeofrontPage {
    constructor(map, {about, arcs, ground}) {
        this.map = map;
        this.about = about;
        this.words = about.words;
        about.format = new GeofrontFormat(about);
        this.model = new GeofrontModel({about, arcs});
        this.painter = new GeofrontPainter(this.model, ground);
        this.scene = {version: this.model.last, since: -1, swipe: null,
            change: about.compare === null ? "none" : "fixed",
            shown: {...about.shown}};
        this.root = map.getContainer();
        this.root.classList.add("geofront");
        this.root.classList.toggle("geofront-embedded", about.embed);
        document.documentElement.lang = about.lang;
        this.link = new GeofrontLink(this);
        this.link.read();
        this.layer = new GeofrontLayer(this.painter, this.scene).addTo(map);
        this.legend = new GeofrontLegend(this);
        this.time = new GeofrontTime(this);
        this.tools = new GeofrontTools(this);
        this.swipe = new GeofrontSwipe(this);
        this.hint = new GeofrontHint(this);
        this.addCredits();
        geofrontEmbed(this);
        this.fit();
        this.link.view();
        this.show(this.scene.version);
        map.on("moveend", () => this.link.write());
    }

    // Leaflet's own place for them takes HTML.
    addCredits() {
        const credit = L.control({position: "bottomright"});
        credit.onAdd = () => {
            const box = L.DomUtil.create("div", "geofront-credit");
            box.textContent = this.about.credits;
            return box;
        };
        credit.addTo(this.map);
    }

    // Bring a version into view.
    show(version) {
        this.scene.version = Math.min(Math.max(version, 0), this.model.last);
        this.compare(this.scene.change);
    }

    compare(change) {
        this.scene.change = change;
        this.scene.since = this.model.before(this.scene.version, change);
        this.draw();
    }

    draw() {
        this.layer.draw();
        this.legend.update();
        this.time.update();
        this.swipe.update();
        this.link.write();
    }

    toggle(name, on) {
        this.scene.shown[name] = on;
        if (name === "places" || name === "towns") this.layer.drawNames();
        this.layer.draw();
    }

    // Show what there is to see beside the legend and above the time.
    fit() {
        const [west, south, east, north] = this.about.bounds;
        const legend = this.legend.box.getBoundingClientRect();
        const beside = legend.width < 0.45 * this.root.clientWidth;
        this.map.fitBounds([[south, west], [north, east]], {
            paddingTopLeft: [beside ? legend.width + 20 : 5,
                beside ? 10 : legend.height + 15],
            paddingBottomRight: [10, this.time.box.offsetHeight + 10],
            animate: false,
        });
    }
}

function geofrontMake(name, className, parent, text) {
    const made = L.DomUtil.create(name, className, parent);
    if (text !== undefined) made.textContent = text;
    return made;
}

// Numbers and dates as the page's language writes them.
class GeofrontFormat {
    constructor({lang, words}) {
        const locale = lang === "uk" ? "uk-UA" : "en-GB";
        this.units = words.units;
        const digits = count => new Intl.NumberFormat(locale,
            {minimumFractionDigits: count, maximumFractionDigits: count});
        this.one = digits(1);
        this.two = digits(2);
        this.whole = digits(0);
        const date = options => new Intl.DateTimeFormat(locale,
            {timeZone: "UTC", ...options});
        this.long = date({day: "numeric", month: "long", year: "numeric"});
        this.short = date({day: "numeric", month: "short", year: "numeric"});
        this.clock = new Intl.DateTimeFormat(locale, {timeZone: "UTC",
            hour: "2-digit", minute: "2-digit"});
    }

    km2(value) {
        return `${this.one.format(value)} ${this.units.km2}`;
    }

    // With its sign; what rounds to nothing has none.
    signed(value) {
        const form = Math.abs(value) < 100 ? this.two : this.one;
        const words = form.format(Math.abs(value));
        const zero = !/[1-9]/.test(words);
        const sign = zero ? "" : value < 0 ? "−" : "+";
        return `${sign}${words} ${this.units.km2}`;
    }

    km(value) {
        return `${this.one.format(value)} ${this.units.km}`;
    }

    day(day) {
        return this.long.format(day * 86400000);
    }

    dayInShort(day) {
        return this.short.format(day * 86400000);
    }

    moment(seconds) {
        const date = new Date(seconds * 1000);
        return `${this.short.format(date)}, ${this.clock.format(date)} UTC`;
    }
}

// ---- legend

class GeofrontLegend {
    constructor(page) {
        this.page = page;
        this.box = geofrontMake("details", "geofront-legend", page.root);
        this.box.open = page.root.clientWidth > 600;
        L.DomEvent.disableClickPropagation(this.box);
        L.DomEvent.disableScrollPropagation(this.box);
        const summary = geofrontMake("summary", "", this.box);
        this.day = geofrontMake("span", "geofront-day", summary);
        this.total = geofrontMake("span", "geofront-total", summary);
        this.body = geofrontMake("div", "geofront-body", this.box);
        this.sizes = {};
        this.addKeys();
        this.addChange();
        this.addNotes();
    }

    addKeys() {
        const {about, words} = this.page;
        for (const name of about.keys) {
            const row = geofrontMake("label", "geofront-row", this.body);
            const box = geofrontMake("input", "", row);
            box.type = "checkbox";
            box.checked = this.page.scene.shown[name];
            box.addEventListener("change", () =>
                this.page.toggle(name, box.checked));
            geofrontMake("span", `geofront-key geofront-key-${name}`, row);
            geofrontMake("span", "geofront-name", row, words.layers[name]);
            this.sizes[name] = geofrontMake("span", "geofront-size", row);
        }
    }

    addChange() {
        const {about, words, scene} = this.page;
        if (about.days.length < 2) return;
        this.change = geofrontMake("div", "geofront-change", this.body);
        const label = geofrontMake("label", "", this.change,
            `${words.compare} `);
        const select = geofrontMake("select", "", label);
        const spans = about.compare === null ? [] : ["fixed"];
        for (const span of ["none", ...spans, ...about.spans]) {
            const option = geofrontMake("option", "", select,
                this.spanWords(span));
            option.value = span;
        }
        select.value = scene.change;
        select.addEventListener("change", () =>
            this.page.compare(select.value));
        this.select = select;
        this.net = geofrontMake("p", "geofront-net", this.change);
        this.kinds = geofrontMake("div", "", this.change);
        for (const name of Object.keys(about.paint.change)) {
            const grey = name.includes("grey_zone");
            if (grey && !about.keys.includes("grey_zone")) continue;
            const row = geofrontMake("div", "geofront-row", this.kinds);
            geofrontMake("span", `geofront-key geofront-key-${name}`, row);
            geofrontMake("span", "geofront-name", row, words.changes[name]);
        }
        this.table = geofrontMake("table", "", this.change);
    }

    spanWords(span) {
        const {about, words} = this.page;
        if (span === "fixed") {
            return about.format.day(about.days[about.compare]);
        }
        return span === "none" ? words.spans.none
            : words.before.replace("%", words.spans[span]);
    }

    addNotes() {
        const {about} = this.page;
        for (const line of about.remarks) {
            geofrontMake("p", "geofront-remark", this.body, line);
        }
        this.origin = geofrontMake("p", "", this.body);
        for (const line of about.terms) geofrontMake("p", "", this.body, line);
    }

    update() {
        const {about, words, scene, model} = this.page;
        const {version, since} = scene;
        const {format} = about;
        this.day.textContent = format.day(about.days[version]);
        this.total.textContent = `${words.layers.occupied} `
            + format.km2(about.occupied[version]);
        this.write("occupied", about.occupied[version]);
        this.write("grey_zone", about.grey[version]);
        this.origin.textContent = words.origin
            .replace("%s", about.title)
            .replace("%t", format.moment(about.moments[version]));
        if (!this.change) return;
        this.kinds.hidden = since < 0 || scene.swipe !== null;
        this.select.value = scene.change;
        this.net.textContent = since < 0
            ? (scene.change === "none" ? "" : words.nothing)
            : `${format.day(about.days[since])} → `
                + `${format.day(about.days[version])}: ${words.net} `
                + format.signed(model.net(version, since));
        this.fillTable(version);
    }

    write(name, value) {
        if (!this.sizes[name]) return;
        this.sizes[name].textContent = value === null ? ""
            : this.page.about.format.km2(value);
    }

    // Net change over spans that the history reaches back for.
    fillTable(version) {
        const {about, model, words} = this.page;
        this.table.replaceChildren();
        for (const span of about.spans) {
            const since = model.before(version, span);
            if (since < 0) continue;
            const row = geofrontMake("tr", "", this.table);
            geofrontMake("th", "", row, words.spans[span]);
            geofrontMake("td", "", row,
                about.format.signed(model.net(version, since)));
        }
    }
}

// ---- swipe

class GeofrontSwipe {
    constructor(page) {
        this.page = page;
        const {about, words, root} = page;
        if (about.days.length < 2) return;
        this.slider = geofrontMake("input", "geofront-swipe", root);
        Object.assign(this.slider, {type: "range", min: 0, max: 1000,
            value: 500, hidden: true});
        this.slider.setAttribute("aria-label", words.swipe);
        this.line = geofrontMake("div", "geofront-divider", root);
        this.left = geofrontMake("span", "geofront-left", this.line);
        this.right = geofrontMake("span", "geofront-right", this.line);
        L.DomEvent.disableClickPropagation(this.slider);
        this.slider.addEventListener("input", () => this.move());
        const row = geofrontMake("label", "", page.legend.change);
        this.box = geofrontMake("input", "", row);
        this.box.type = "checkbox";
        row.append(` ${words.swipe}`);
        this.box.addEventListener("change", () => {
            this.slider.hidden = !this.box.checked;
            this.move();
        });
        page.legend.kinds.before(row);
    }

    move() {
        this.page.scene.swipe = this.box.checked
            ? this.slider.value / 1000 : null;
        this.page.draw();
    }

    update() {
        if (!this.slider) return;
        const {scene, about} = this.page;
        const on = scene.swipe !== null && scene.since >= 0;
        this.box.disabled = scene.since < 0;
        this.line.hidden = !on;
        this.slider.hidden = !on;
        if (!on) return;
        this.line.style.left = `${100 * scene.swipe}%`;
        const day = at => about.format.dayInShort(about.days[at]);
        this.left.textContent = `← ${day(scene.since)}`;
        this.right.textContent = `${day(scene.version)} →`;
    }
}

// ---- what is under the pointer

class GeofrontHint {
    constructor(page) {
        this.page = page;
        this.tip = L.tooltip({className: "geofront-hint", sticky: true,
            direction: "top", offset: [0, -8]});
        const {map} = page;
        map.on("mousemove click", event => this.say(event));
        map.on("mouseout dragstart zoomstart", () => this.tip.remove());
    }

    say({latlng, originalEvent}) {
        const over = originalEvent.target;
        if (!this.page.root.contains(over)
            || over.closest(".leaflet-interactive")) {
            this.tip.remove();
            return;
        }
        const lines = this.lines(latlng);
        if (!lines.length) {
            this.tip.remove();
            return;
        }
        const box = document.createElement("div");
        for (const line of lines) geofrontMake("div", "", box, line);
        this.tip.setContent(box).setLatLng(latlng);
        if (!this.page.map.hasLayer(this.tip)) this.tip.addTo(this.page.map);
    }

    lines(latlng) {
        const {scene, words, about} = this.page;
        const {version, since} = scene;
        const state = this.state(latlng, version);
        if (!state) return [];
        const lines = [];
        const sizes = {occupied: about.occupied, grey_zone: about.grey};
        const size = sizes[state]?.[version];
        lines.push(words.layers[state]
            + (size ? `: ${about.format.km2(size)}` : ""));
        const before = since < 0 ? state : this.state(latlng, since) ?? "held";
        if (before !== state) {
            lines.push(words.was.replace("%s", words.layers[before])
                .replace("%d", about.format.day(about.days[since])));
        }
        const place = this.nearest(latlng);
        if (place) lines.push(place);
        return lines;
    }

    // Name of the state at a point; null outside what the source draws.
    state(latlng, version) {
        const {layer, about} = this.page;
        const is = name => layer.isIn(name, latlng, version);
        for (const name of ["occupied", "grey_zone", "regained"]) {
            if (is(name)) return name;
        }
        const coverage = this.page.model.bounds("coverage", version);
        const covered = coverage.length ? is("coverage")
            : this.page.painter.isLand(latlng);
        if (!covered || about.grey[version] === null) return null;
        return "held";
    }

    nearest({lat, lng}) {
        const {about, words} = this.page;
        const [east, north] = geofrontDegree(lat);
        let best = null;
        let least = 15;
        const names = about.places.flatMap(place => place.names);
        for (const [name, longitude, latitude] of [...names, ...about.towns]) {
            const km = Math.hypot((longitude - lng) * east,
                (latitude - lat) * north);
            if (km < least) [best, least] = [name, km];
        }
        return best && words.near.replace("%s", best)
            .replace("%d", about.format.km(least));
    }
}

// ---- in a page of somebody else's

// The wheel and one finger belong to the page around until the map is used;
// the page is told how high the map would like to be.
function geofrontEmbed({map, root, about}) {
    if (!about.embed) return;
    map.scrollWheelZoom.disable();
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("blur mouseout", () => map.scrollWheelZoom.disable());
    if (L.Browser.mobile) {
        map.dragging.disable();
        root.style.touchAction = "pan-x pan-y";
    }
    const tell = () => {
        const height = Math.round(Math.min(Math.max(0.7 * root.clientWidth,
            460), 820));
        parent.postMessage({geofront: "height", height}, "*");
    };
    map.on("resize", tell);
    tell();
}
