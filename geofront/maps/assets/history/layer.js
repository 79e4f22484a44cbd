// A layer of Leaflet's that draws a history on sheets of its own: ground,
// states, names. But for the names they lie below everything else that is
// added to the map. What stays from day to day is SVG: a canvas would be
// copied at each step.

const GEOFRONT_PANES = {ground: 340, states: 350, names: 440};

// How much more than what is seen is drawn, so that dragging shows it.
const GEOFRONT_MARGIN = 0.08;

const GeofrontLayer = L.Layer.extend({
    initialize(painter, scene) {
        this.painter = painter;
        this.scene = scene;
    },

    onAdd(map) {
        for (const [name, level] of Object.entries(GEOFRONT_PANES)) {
            const pane = map.getPane(`geofront-${name}`)
                ?? map.createPane(`geofront-${name}`);
            pane.style.zIndex = level;
            pane.style.pointerEvents = "none";
        }
        this.sheets = {states: document.createElement("canvas")};
        this.reset();
    },

    onRemove() {
        for (const sheet of Object.values(this.sheets)) sheet.remove();
    },

    getEvents() {
        const events = {viewreset: this.reset, moveend: this.reset,
            zoomend: this.reset, resize: this.reset};
        return this._map._zoomAnimated
            ? {...events, zoomanim: this.follow} : events;
    },

    // Where the paper lies now, and all of it anew.
    reset() {
        const map = this._map;
        const size = map.getSize();
        const margin = size.multiplyBy(GEOFRONT_MARGIN).round();
        const corner = map.containerPointToLayerPoint([0, 0])
            .subtract(margin);
        const origin = map.getPixelOrigin().add(corner);
        const paper = size.add(margin.multiplyBy(2));
        this.corner = map.layerPointToLatLng(corner);
        this.zoom = map.getZoom();
        this.view = geofrontView(256 * 2 ** this.zoom, origin.x, origin.y,
            paper.x, paper.y);
        this.view.hatch = this.painter.paint.greyZone.colour;
        this.margin = margin;
        this.statesPen = new GeofrontCanvasPen(this.sheets.states, this.view,
            Math.min(window.devicePixelRatio || 1, 2));
        this.lay("states", this.sheets.states);
        const pen = new GeofrontSvgPen(this.view);
        this.painter.drawGround(pen);
        this.lay("ground", pen.root);
        this.drawNames();
        this.draw();
        this.fire("redraw");
    },

    // Put a sheet where the one of that name was.
    lay(name, sheet) {
        const {width, height} = this.view;
        sheet.style.width = `${width}px`;
        sheet.style.height = `${height}px`;
        sheet.setAttribute("class", this._map._zoomAnimated
            ? "leaflet-zoom-animated" : "leaflet-zoom-hide");
        L.DomUtil.setPosition(sheet, this._map.latLngToLayerPoint(this.corner)
            .round());
        this._map.getPane(`geofront-${name}`).replaceChildren(sheet);
        this.sheets[name] = sheet;
    },

    // While the zoom is under way the paper is stretched.
    follow(event) {
        const scale = this._map.getZoomScale(event.zoom, this.zoom);
        const corner = this._map._latLngToNewLayerPoint(this.corner,
            event.zoom, event.center);
        for (const sheet of Object.values(this.sheets)) {
            L.DomUtil.setTransform(sheet, corner, scale);
        }
    },

    drawNames() {
        const pen = new GeofrontSvgPen(this.view);
        this.taken = this.painter.drawNames(pen, this.scene);
        this.lay("names", pen.root);
    },

    draw() {
        this.statesPen.clear();
        this.drawOn(this.statesPen, this.swipeAt());
    },

    drawOn(pen, swipe, taken = this.taken) {
        const {painter} = this;
        this.eachSide(pen, swipe, (pen, seen) => {
            painter.drawRegained(pen, seen);
            painter.drawStates(pen, seen);
            painter.drawChange(pen, seen);
            painter.drawFront(pen, seen);
            painter.drawDistances(pen, seen, taken);
        });
    },

    // With a swipe the earlier version is left of the divider.
    eachSide(pen, swipe, draw) {
        const {scene} = this;
        if (swipe === null) {
            draw(pen, scene);
            return;
        }
        const {width, height} = pen.view;
        const plain = {...scene, since: -1};
        pen.withinBox(0, 0, swipe, height, () =>
            draw(pen, {...plain, version: scene.since}));
        pen.withinBox(swipe, 0, width - swipe, height, () =>
            draw(pen, plain));
    },

    // Place of the divider on the paper, or null.
    swipeAt() {
        const {swipe, since} = this.scene;
        if (swipe === null || since < 0) return null;
        return this.margin.x + swipe * this._map.getSize().x;
    },

    // Whether a state holds at a point of the map.
    isIn(state, latlng, version) {
        const {model} = this.painter;
        return model.arcs.encloses(model.bounds(state, version), latlng.lng,
            latlng.lat);
    },
});
