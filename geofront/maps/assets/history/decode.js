// A history in one page: how it travels, and how it is unpacked.
//
// The text is base64 of gzip of:
//   4 bytes   length of the JSON that follows, little-endian
//   JSON      dates, areas, words, colours, places; `streams` lists the
//             lengths of the streams that follow
//   6 streams the history's arcs; 6 more, if there is a background, its own
//
// A stream is a list of whole numbers, seven bits a byte, the low ones first,
// the high bit set where more bytes follow. Z marks zigzag: 0, -1, 1, -2 ...
// are written 0, 1, 2, 3 ... so that small steps of either sign stay short.
//   1 of each signature   how many runs it has
//   2 of each run         2 * state + (1 if the inside is on the right)
//   3 of each run         Z step from the last run's first version to this
//                         one's, then Z how many versions it lasts
//   4 of each arc         2 * (Z step of the signature) + (1 if the arc runs
//                         against it), then how many vertices
//   5, 6 of each vertex   Z step of longitude, of latitude, in grid units
//
// An arc is a line; its signature says between which versions it bounds which
// state. There are no rings: the arcs that bound a state in one version, laid
// end to start, are its rings, to be filled by the even-odd rule.

async function geofrontDecode(text) {
    const letters = atob(text);
    const packed = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) {
        packed[i] = letters.charCodeAt(i);
    }
    const unpacked = new Blob([packed]).stream()
        .pipeThrough(new DecompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(unpacked).arrayBuffer());
    let end = 4 + new DataView(bytes.buffer).getUint32(0, true);
    const head = new TextDecoder().decode(bytes.subarray(4, end));
    const about = JSON.parse(head);
    const streams = about.streams.map(length => {
        end += length;
        return geofrontNumbers(bytes.subarray(end - length, end));
    });
    return {
        about,
        arcs: new GeofrontArcs(streams.slice(0, 6), about.grid),
        ground: streams.length > 6
            ? new GeofrontArcs(streams.slice(6), about.groundGrid)
            : null,
    };
}

function geofrontNumbers(bytes) {
    const numbers = new Float64Array(bytes.length);
    let count = 0;
    let value = 0;
    let weight = 1;
    for (const byte of bytes) {
        value += (byte & 127) * weight;
        if (byte & 128) {
            weight *= 128;
        } else {
            numbers[count++] = value;
            value = 0;
            weight = 1;
        }
    }
    return numbers.subarray(0, count);
}

function geofrontSigned(number) {
    return number % 2 ? -(number + 1) / 2 : number / 2;
}
