// Unpack a history and draw it on a map of Leaflet's; the page it makes is
// kept as `geofront` of the map.

async function geofrontHistory(map, text) {
    if (typeof DecompressionStream === "undefined") {
        const note = L.DomUtil.create("p", "geofront-failed",
            map.getContainer());
        note.textContent = "This page needs a newer browser: Chrome 80, "
            + "Safari 16.4, Firefox 113 or later.";
        return;
    }
    map.geofront = new GeofrontPage(map, await geofrontDecode(text));
    map.geofront.ready = performance.now();
}
