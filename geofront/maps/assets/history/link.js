// A link: day, view and change in the address.

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
