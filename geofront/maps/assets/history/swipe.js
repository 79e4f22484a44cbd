// A divider between two days: the earlier one is on its left.

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
        const left = Math.round(100 * scene.swipe);
        this.slider.setAttribute("aria-valuetext", `${day(scene.since)}: `
            + `${left} %, ${day(scene.version)}: ${100 - left} %`);
    }
}
