// What is under the pointer: state, area, what it was, where it is.

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
        const told = size ? geofrontFill(words.inAll,
            {"%s": about.format.km2(size)}) : null;
        lines.push(words.layers[state] + (told ? `: ${told}` : ""));
        const before = since < 0 ? null : this.state(latlng, since);
        if (before && geofrontHeld(before) !== geofrontHeld(state)) {
            lines.push(geofrontFill(words.was, {
                "%s": words.layers[before],
                "%d": about.format.day(about.days[since])}));
        }
        const step = before && this.page.model.isRedrawn(since, version,
            latlng.lng, latlng.lat);
        if (step) {
            lines.push(`${words.redrawn}: `
                + about.format.day(about.days[step.at]));
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
        // Of a history without a grey zone it reads "not occupied".
        const known = about.grey[version] !== null
            || !about.keys.includes("grey_zone");
        return covered && known ? "held" : null;
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
        return best && geofrontFill(words.near,
            {"%s": best, "%d": about.format.km(least)});
    }
}

function geofrontHeld(state) {
    return state === "regained" ? "held" : state;
}
