// The chart: occupied area as a line, its daily net change as bars.

class GeofrontChart {
    constructor(page, parent) {
        this.page = page;
        this.box = geofrontMake("details", "geofront-chart", parent);
        const {clientWidth, clientHeight} = page.root;
        this.box.open = clientWidth > 600 && clientHeight > 500;
        this.daily = geofrontDaily(page.about);
        this.most = geofrontMost(this.daily);
        geofrontMake("summary", "", this.box, page.words.chart
            + (page.about.breaks.length ? page.words.chartBreaks : "")
            + this.cutWords());
        this.canvas = geofrontMake("canvas", "", this.box);
        this.canvas.setAttribute("role", "img");
        this.box.addEventListener("toggle", () => {
            page.time.lift();
            this.draw();
        });
        this.canvas.addEventListener("pointerdown", event => this.pick(event));
        this.canvas.addEventListener("pointermove", event => {
            if (event.buttons) this.pick(event);
        });
        new ResizeObserver(() => this.draw()).observe(this.canvas);
        // Days with nothing drawn between them are no chart.
        this.box.hidden = !page.about.days.some((_, i) =>
            geofrontJoins(page.about, i));
    }

    // That bars are cut, and how long the longest would be.
    cutWords() {
        const {about, words} = this.page;
        const most = this.daily.reduce((most, {net}) =>
            Math.abs(net) > Math.abs(most) ? net : most, 0);
        return Math.abs(most) <= this.most ? "" : geofrontFill(words.chartCut,
            {"%n": about.format.signed(most)});
    }

    pick(event) {
        const {page} = this;
        const {left, width} = this.canvas.getBoundingClientRect();
        const share = (event.clientX - left - this.west)
            / (width - this.west - 6);
        const {moments} = page.about;
        page.time.stop();
        page.show(page.model.nearestTo(moments[0] + share
            * (moments.at(-1) - moments[0])));
    }

    draw() {
        const {clientWidth: width, clientHeight: height} = this.canvas;
        if (!width || !height) return;
        const ratio = window.devicePixelRatio || 1;
        this.pen = new GeofrontCanvasPen(this.canvas,
            {width, height, left: 0, top: 0}, ratio);
        this.still = document.createElement("canvas");
        this.drawSeries(new GeofrontCanvasPen(this.still, this.pen.view,
            ratio), width, height);
        this.update();
    }

    update() {
        if (!this.pen) return;
        const {about, scene} = this.page;
        const {width, height} = this.pen.view;
        this.pen.clear();
        this.pen.context.drawImage(this.still, 0, 0, width, height);
        const x = this.x(about.moments[scene.version]);
        this.pen.stroke(this.pen.line([[x, 0], [x, height]]),
            {colour: "#1A1A1A", width: 1});
        this.pen.circle(x, this.y(about.occupied[scene.version]), 3,
            {fill: "#FFFFFF", colour: "#1A1A1A", width: 1.5});
    }

    drawSeries(pen, width, height) {
        const {about, words} = this.page;
        const {format} = about;
        const low = Math.min(...about.occupied);
        const high = Math.max(...about.occupied);
        const [bottom, top] = geofrontRound(low, high);
        const style = {size: 10, colour: "#595959"};
        this.west = Math.max(pen.width(format.whole.format(top), style),
            30) + 8;
        const middle = 0.58 * height;
        this.x = moment => this.west + (moment - about.moments[0])
            / (about.moments.at(-1) - about.moments[0])
            * (width - this.west - 6);
        this.y = area => 12 + (top - area) / (top - bottom || 1)
            * (middle - 18);
        for (const tick of [bottom, top]) {
            const y = this.y(tick);
            pen.stroke(pen.line([[this.west, y], [width, y]]),
                {colour: "#D9D9D9", width: 1});
            pen.text(format.whole.format(tick), this.west - 4, y + 3,
                {...style, align: "right"});
        }
        this.drawYears(pen, height, style);
        this.drawBreaks(pen, middle);
        this.drawLine(pen);
        this.drawBars(pen, middle + 4, height - 4);
        pen.text(`±${format.whole.format(this.most)}`, this.west - 4,
            (middle + height) / 2 + 3, {...style, align: "right"});
        this.canvas.setAttribute("aria-label", geofrontFill(words.chartText, {
            "%a": format.day(about.days[0]),
            "%b": format.day(about.days.at(-1)),
            "%l": format.km2(low), "%h": format.km2(high)})
            + this.cutWords());
    }

    // Where the source began to draw otherwise.
    drawBreaks(pen, height) {
        const {about} = this.page;
        for (const {at} of about.breaks) {
            const x = this.x(about.moments[at]);
            pen.stroke(pen.line([[x, 8], [x, height]]),
                {colour: GEOFRONT_DOT, width: 1, dash: [2, 2]});
            pen.circle(x, 5, 2.5, {fill: "#FFFFFF", colour: GEOFRONT_DOT,
                width: 1.2});
        }
    }

    drawLine(pen) {
        const {about} = this.page;
        let points = [];
        const end = () => pen.stroke(pen.line(points),
            {colour: about.paint.line, width: 1.8});
        about.moments.forEach((moment, i) => {
            if (i && !geofrontJoins(about, i)) {
                end();
                points = [];
            }
            points.push([this.x(moment), this.y(about.occupied[i])]);
        });
        end();
    }

    // Net change of each day, on one scale for gains and losses; a bar that is
    // longer is cut, and has a black end.
    drawBars(pen, top, bottom) {
        const {most} = this;
        const {about} = this.page;
        const zero = (top + bottom) / 2;
        const scale = (bottom - top) / 2 / most;
        const days = about.days.at(-1) - about.days[0] || 1;
        const wide = Math.max((this.pen.view.width - this.west) / days - 0.5,
            0.8);
        for (const {moment, net, redrawn} of this.daily) {
            const length = Math.min(Math.abs(net), most) * scale;
            pen.box(this.x(moment) - wide / 2, net > 0 ? zero - length : zero,
                wide, length, {fill: redrawn ? GEOFRONT_DOT
                    : net > 0 ? about.paint.gain : about.paint.loss});
            if (Math.abs(net) > most) {
                pen.box(this.x(moment) - Math.max(wide / 2, 2),
                    net > 0 ? top : bottom - 2, Math.max(wide, 4), 2,
                    {fill: "#1A1A1A"});
            }
        }
        pen.stroke(pen.line([[this.west, zero], [this.pen.view.width, zero]]),
            {colour: "#8C8C8C", width: 0.8});
    }

    // A line at each year or, in a short history, each month.
    drawYears(pen, height, style) {
        const {about} = this.page;
        const first = new Date(about.days[0] * 86400000);
        const days = about.days.at(-1) - about.days[0];
        const months = days > 800 ? 12 : days > 240 ? 3 : 1;
        const form = new Intl.DateTimeFormat(about.lang === "uk" ? "uk-UA"
            : "en-GB", {timeZone: "UTC", year: "numeric",
            ...(months < 12 ? {month: "short"} : {})});
        let month = Math.ceil((first.getUTCMonth() + 1) / months) * months;
        for (;; month += months) {
            const time = Date.UTC(first.getUTCFullYear(), month);
            const x = this.x(time / 1000);
            if (time / 1000 > about.moments.at(-1)) break;
            pen.stroke(pen.line([[x, 0], [x, height]]),
                {colour: "#E5E5E5", width: 1});
            if (x < pen.view.width - 50) {
                pen.text(form.format(time), x + 3, height - 3, style);
            }
        }
    }
}

// Whether the line goes on from the version before: after more days than a
// snapshot is carried, nothing is drawn between.
function geofrontJoins({days, fresh}, i) {
    return i > 0 && !fresh[i] && days[i] - days[i - 1] <= GEOFRONT_CARRY;
}

// The last version of each day against that of the day before it; across a
// gap, or where the coverage begins anew, nothing is told.
function geofrontDaily({days, moments, occupied, fresh, breaks}) {
    const found = [];
    let last = -1;
    let anew = false;
    days.forEach((day, i) => {
        anew ||= Boolean(i && fresh[i]);
        if (days[i + 1] === day) return;
        if (last >= 0 && !anew && day - days[last] <= GEOFRONT_CARRY) {
            found.push({moment: moments[i], net: occupied[i] - occupied[last],
                redrawn: breaks.some(({at, masked}) =>
                    masked && last < at && at <= i)});
        }
        last = i;
        anew = false;
    });
    return found;
}

// The longest bar that is drawn whole: the longest four in a hundred are not.
function geofrontMost(daily) {
    const sizes = daily.map(({net}) => Math.abs(net)).sort((a, b) => a - b);
    return Math.max(sizes[Math.ceil(0.96 * (sizes.length - 1))] ?? 0, 1);
}

// Round numbers around a range, for its axis.
function geofrontRound(low, high) {
    const step = 10 ** Math.floor(Math.log10(Math.max(high - low, 1)));
    return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
}
