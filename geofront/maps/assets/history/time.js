// Time: a slider linear in it, play, keys; the chart lies beneath.

const GEOFRONT_STEP_MS = 110;
const GEOFRONT_CALM_MS = 1000;

class GeofrontTime {
    constructor(page) {
        this.page = page;
        this.timer = null;
        this.box = geofrontMake("div", "geofront-time", page.root);
        L.DomEvent.disableClickPropagation(this.box);
        L.DomEvent.disableScrollPropagation(this.box);
        if (page.about.days.length < 2) {
            this.box.hidden = true;
            return;
        }
        const row = geofrontMake("div", "geofront-controls", this.box);
        this.addPlay(row);
        this.addSlider(row);
        this.now = geofrontMake("output", "geofront-now", row);
        this.chart = new GeofrontChart(page, this.box);
        this.listen();
        this.lift();
        page.map.on("resize", () => this.lift());
    }

    addPlay(row) {
        this.play = geofrontMake("button", "geofront-play", row);
        this.play.type = "button";
        this.play.addEventListener("click", () => this.toggle());
        this.label(false);
    }

    label(playing) {
        const {words} = this.page;
        this.play.textContent = playing ? "❚❚" : "▶";
        const name = playing ? words.pause : words.play;
        this.play.setAttribute("aria-label", name);
        this.play.title = name;
    }

    addSlider(row) {
        const {moments} = this.page.about;
        this.slider = geofrontMake("input", "geofront-slider", row);
        Object.assign(this.slider, {type: "range", min: 0, step: "any",
            max: moments.at(-1) - moments[0]});
        this.slider.setAttribute("aria-label", this.page.words.time);
        this.slider.addEventListener("input", () => {
            this.stop();
            this.page.show(this.page.model.versionAt(
                moments[0] + Number(this.slider.value)));
        });
    }

    // What lies in the corners of the map makes room for the time.
    lift() {
        const {height} = this.box.getBoundingClientRect();
        this.page.root.style.setProperty("--geofront-time",
            `${Math.ceil(height)}px`);
    }

    // ---- keys

    listen() {
        // Before the map takes the arrows for itself.
        const {root} = this.page;
        root.addEventListener("keydown", event => this.key(event), true);
        document.addEventListener("keydown", event => {
            if (event.target === document.body) this.key(event);
        });
    }

    key(event) {
        const {target} = event;
        const typing = target.matches("select, input:not([type=range]), a");
        const swipe = target.classList.contains("geofront-swipe");
        // With Shift they move the map.
        const pans = event.shiftKey && event.key.startsWith("Arrow")
            && !target.matches("input");
        const presses = event.key === " " && target.matches(
            "button, summary, a, input[type=checkbox]");
        const act = this.actions()[event.key];
        if (!act || typing || swipe || presses || pans) return;
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        act();
    }

    actions() {
        const {page} = this;
        const {model} = page;
        const go = version => () => {
            this.stop();
            page.show(version);
        };
        const {version} = page.scene;
        return {
            ArrowLeft: go(version - 1),
            ArrowRight: go(version + 1),
            PageUp: go(this.monthFrom(1)),
            PageDown: go(this.monthFrom(-1)),
            Home: go(0),
            End: go(model.last),
            " ": () => this.toggle(),
        };
    }

    // Version in force a month later or earlier, across a gap the next one.
    monthFrom(step) {
        const {about, model, scene} = this.page;
        const date = new Date(about.days[scene.version] * 86400000);
        const day = date.getUTCDate();
        date.setUTCDate(1);
        date.setUTCMonth(date.getUTCMonth() + step);
        const last = new Date(Date.UTC(date.getUTCFullYear(),
            date.getUTCMonth() + 1, 0)).getUTCDate();
        date.setUTCDate(Math.min(day, last));
        const found = model.versionOn(date.getTime() / 86400000);
        return step > 0 ? Math.max(found, scene.version + 1)
            : Math.min(found, scene.version - 1);
    }

    // ---- play

    toggle() {
        if (this.timer) {
            this.stop();
            return;
        }
        const {page} = this;
        if (page.scene.version === page.model.last) page.show(0);
        const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
        this.timer = setInterval(() => {
            page.show(page.scene.version + 1);
            if (page.scene.version === page.model.last) this.stop();
        }, calm ? GEOFRONT_CALM_MS : GEOFRONT_STEP_MS);
        this.label(true);
    }

    stop() {
        if (!this.timer) return;
        clearInterval(this.timer);
        this.timer = null;
        this.label(false);
    }

    update() {
        if (!this.slider) return;
        const {about, scene, words} = this.page;
        const {format} = about;
        const {version} = scene;
        this.slider.value = about.moments[version] - about.moments[0];
        const day = format.day(about.days[version]);
        const size = format.km2(about.occupied[version]);
        this.slider.setAttribute("aria-valuetext",
            `${day}, ${words.layers.occupied} ${size}`);
        this.now.textContent = format.dayInShort(about.days[version]);
        this.chart.update();
    }
}
