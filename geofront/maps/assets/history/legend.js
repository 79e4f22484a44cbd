// The legend: day, areas, what is shown, what it is compared with, sources.

class GeofrontLegend {
    constructor(page) {
        this.page = page;
        this.box = geofrontMake("details", "geofront-legend", page.root);
        const {clientWidth, clientHeight} = page.root;
        this.box.open = clientWidth > 600 && clientHeight > 500;
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
        this.addRedrawn();
        const table = geofrontMake("table", "", this.change);
        this.nets = about.spans.map(span => {
            const row = geofrontMake("tr", "", table);
            return {span, row, name: geofrontMake("th", "", row),
                net: geofrontMake("td", "", row)};
        });
    }

    // What is said only where the source drew otherwise than before.
    addRedrawn() {
        if (!this.page.about.breaks.length) return;
        this.redrawn = geofrontMake("div", "", this.change);
        const row = geofrontMake("div", "geofront-row", this.redrawn);
        geofrontMake("span", "geofront-key geofront-key-redrawn", row);
        geofrontMake("span", "geofront-name", row, this.page.words.redrawn);
        this.why = geofrontMake("p", "", this.redrawn);
    }

    tellRedrawn() {
        const {model, scene} = this.page;
        const steps = model.redrawn(scene.since, scene.version);
        this.redrawn.hidden = !steps.length;
        this.redrawn.firstChild.hidden = scene.swipe !== null
            || !model.masked(scene.since, scene.version).length;
        this.why.textContent = geofrontRedrawn(this.page, steps);
    }

    spanWords(span) {
        const {about, words} = this.page;
        if (span === "fixed") {
            return about.format.day(about.days[about.compare]);
        }
        return span === "none" ? words.spans.none
            : geofrontFill(words.before, {"%s": words.spans[span]});
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
        this.origin.textContent = geofrontFill(words.origin, {
            "%s": about.title, "%t": format.moment(about.moments[version])});
        if (!this.change) return;
        this.kinds.hidden = since < 0 || scene.swipe !== null;
        this.select.value = scene.change;
        this.net.textContent = since < 0 ? this.whyNothing()
            : `${format.day(about.days[since])} → `
                + `${format.day(about.days[version])}: ${words.net} `
                + format.signed(model.net(version, since));
        if (this.redrawn) this.tellRedrawn();
        this.fillTable(version);
    }

    whyNothing() {
        const {words, scene} = this.page;
        if (scene.change === "none") return "";
        return scene.change === "fixed" ? words.notBefore : words.nothing;
    }

    write(name, value) {
        if (!this.sizes[name]) return;
        this.sizes[name].textContent = value === null ? ""
            : this.page.about.format.km2(value);
    }

    // Net change over spans that the history reaches back for.
    fillTable(version) {
        const {about, model, words} = this.page;
        for (const {span, row, name, net} of this.nets) {
            const since = model.before(version, span);
            row.hidden = since < 0;
            if (since < 0) continue;
            // A version that is carried forward is named by its own day.
            const day = about.days[since];
            name.textContent = about.days[version] - day === Number(span)
                ? words.spans[span] : geofrontFill(words.since,
                    {"%s": about.format.dayInShort(day)});
            net.textContent = about.format.signed(model.net(version, since));
        }
    }
}

// When the source drew otherwise, and what makes one think so.
function geofrontRedrawn({about, words}, steps) {
    const days = steps.slice(0, 6).map(({at, reason}) =>
        about.format.dayInShort(about.days[at])
        + (reason && steps.length === 1 ? ` (${reason})` : ""));
    const more = steps.length - days.length;
    return geofrontFill(words.drewOtherwise, {"%d": days.join("; ")
        + (more ? geofrontFill(words.andMore, {"%n": more}) : "")});
}
