// Shared by all of geofront's layers on one page.

// Changes above the states, the front line above both, places on top:
// whatever order the layers are switched on in.
const geofrontPanes = {change: 410, front: 420, places: 430};

function geofrontPrepare(map) {
    for (const [name, level] of Object.entries(geofrontPanes)) {
        if (!map.getPane(`geofront-${name}`)) {
            map.createPane(`geofront-${name}`).style.zIndex = level;
        }
    }
}

// Leaflet looks for its marker beside its style sheet, and folium's popups
// ask jQuery for one thing only; neither is there when all is inlined.
function geofrontPage(icon) {
    document.documentElement.lang = "en";
    delete L.Icon.Default.prototype._getIconUrl;
    L.Icon.Default.mergeOptions({
        iconUrl: icon, iconRetinaUrl: icon, shadowUrl: null,
    });
    window.$ ??= text => new DOMParser()
        .parseFromString(text, "text/html").body.children;
}

// A panel comes and goes with its layer; on a phone it starts folded.
function geofrontPanel(map, layer, html) {
    const panel = L.control({position: "bottomleft"});
    panel.onAdd = () => {
        const box = L.DomUtil.create("details", "geofront-panel");
        box.open = innerWidth > 600;
        box.innerHTML = html;
        L.DomEvent.disableClickPropagation(box);
        L.DomEvent.disableScrollPropagation(box);
        return box;
    };
    layer.on("add", () => panel.addTo(map));
    layer.on("remove", () => panel.remove());
}

// Labels make way for the ones before them, or hide until there is room.
function geofrontLabels(map, layer) {
    // Leaflet moves its paths after it has told of the new zoom.
    const tidy = () => requestAnimationFrame(() => geofrontTidy(map));
    layer.on("add remove", tidy);
    map.on("zoomend", tidy);
}

function geofrontTidy(map) {
    const taken = [];
    map.eachLayer(layer => {
        if (geofrontLabel(layer) && layer instanceof L.CircleMarker) {
            taken.push(layer.getElement().getBoundingClientRect());
        }
    });
    map.eachLayer(layer => {
        const label = geofrontLabel(layer);
        if (!label) return;
        const options = label.options;
        options.preferred ??= options.direction;
        const sides = options.preferred === "center"
            ? ["center", "bottom", "top", "left", "right"]
            : ["right", "left", "top", "bottom"];
        const free = sides.some(side => {
            options.direction = side;
            label.update();
            const box = label.getElement().getBoundingClientRect();
            const clear = taken.every(other => !geofrontMeet(box, other));
            if (clear) taken.push(box);
            return clear;
        });
        label.getElement().classList.toggle("geofront-hidden", !free);
    });
}

function geofrontLabel(layer) {
    const label = layer.getTooltip?.();
    return label?.options.className === "geofront-label"
        && label.getElement() ? label : null;
}

function geofrontMeet(one, other) {
    return one.left < other.right && other.left < one.right
        && one.top < other.bottom && other.top < one.bottom;
}
