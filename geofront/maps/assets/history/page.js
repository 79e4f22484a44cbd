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
        this.root.setAttribute("role", "region");
        this.root.setAttribute("aria-label", geofrontFill(this.words.map,
            {"%s": about.title}));
        document.documentElement.lang = about.lang;
        this.link = new GeofrontLink(this);
        this.link.read();
        this.layer = new GeofrontLayer(this.painter, this.scene);
        this.legend = new GeofrontLegend(this);
        this.time = new GeofrontTime(this);
        this.tools = new GeofrontTools(this);
        this.swipe = new GeofrontSwipe(this);
        this.hint = new GeofrontHint(this);
        this.addScale();
        this.nameZoom();
        this.addCredits();
        geofrontEmbed(this);
        this.scene.since = this.model.before(this.scene.version,
            this.scene.change);
        this.describe();
        // Drawn once, when it is known where.
        this.fit();
        this.link.view();
        this.layer.addTo(map);
        map.on("moveend", () => this.link.write());
        // Only now: before, it would lose the view that it was asked for.
        this.link.write();
    }

    addScale() {
        const {km, m} = this.words.units;
        const Scale = L.Control.Scale.extend({
            _updateMetric(most) {
                const meters = this._getRoundNum(most);
                const label = meters < 1000 ? `${meters} ${m}`
                    : `${meters / 1000} ${km}`;
                this._updateScale(this._mScale, label, meters / most);
            },
        });
        new Scale({imperial: false}).addTo(this.map);
    }

    // Leaflet's own buttons, in the page's language.
    nameZoom() {
        for (const [way, words] of Object.entries(this.words.zoom)) {
            const button = this.root.querySelector(
                `.leaflet-control-zoom-${way}`);
            if (!button) continue;
            button.title = words;
            button.setAttribute("aria-label", words);
        }
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
        this.tell();
    }

    // Say what is drawn, and keep it in the address.
    tell() {
        this.describe();
        this.link.write();
    }

    describe() {
        this.legend.update();
        this.time.update();
        this.swipe.update();
    }

    toggle(name, on) {
        this.scene.shown[name] = on;
        if (name === "places" || name === "towns") this.layer.drawNames();
        this.layer.draw();
    }

    // Show what there is to see above the time and beside the legend, or
    // beneath it, whichever is larger.
    fit() {
        const [west, south, east, north] = this.about.bounds;
        const bounds = L.latLngBounds([south, west], [north, east]);
        const {width, height} = this.legend.box.getBoundingClientRect();
        const foot = L.point(10, this.time.box.offsetHeight + 10);
        const zoom = head => this.map.getBoundsZoom(bounds, false,
            foot.add(head));
        const beside = L.point(width + 20, 10);
        const beneath = L.point(5, height + 15);
        this.map.fitBounds(bounds, {
            paddingTopLeft: zoom(beneath) > zoom(beside) ? beneath : beside,
            paddingBottomRight: foot,
            animate: false,
        });
    }
}

function geofrontMake(name, className, parent, text) {
    const made = L.DomUtil.create(name, className, parent);
    if (text !== undefined) made.textContent = text;
    return made;
}

// A pattern with its marks replaced, whatever stands in what replaces them.
function geofrontFill(pattern, values) {
    return pattern.replace(/%[a-z]/g, mark => values[mark]);
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
