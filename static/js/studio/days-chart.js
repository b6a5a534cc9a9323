// Gifts sold and redeemed, day by day: columns are people at a counter, the line is what was sold. Labels sit beside
// what they name; weekends are shaded; a flag marks the day a campaign began. The table below says the same.
const NARROW = 520;

const ink = (name, probe) => {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
};

function palette(holder) {
  const probe = document.createElement("i");
  probe.style.transition = "none"; // else the computed colour is still the one before
  holder.append(probe);
  const colours = {
    redeemed: ink("--accent", probe), redeemedWord: ink("--accent-ink", probe),
    sold: ink("--companion-ink", probe), wash: ink("--companion-wash", probe),
    grid: ink("--line", probe), word: ink("--ink-soft", probe),
    strong: ink("--ink", probe), surface: ink("--surface", probe), flag: ink("--line-strong", probe),
    font: getComputedStyle(document.body).fontFamily,
  };
  probe.remove();
  return colours;
}

const weekends = (drawing, colours) => ({
  id: "weekends",
  beforeDatasetsDraw({ ctx, chartArea, scales: { x } }) {
    const width = x.width / drawing.labels.length;
    ctx.save();
    ctx.globalAlpha = matchMedia("(forced-colors: active)").matches ? 0.15 : 0.35; // quiet in every look
    ctx.fillStyle = colours.grid;
    drawing.weekend.forEach((weekend, place) => {
      if (weekend) ctx.fillRect(x.getPixelForValue(place) - width / 2, chartArea.top, width, chartArea.height);
    });
    ctx.restore();
  },
});

const flags = (drawing, colours) => ({
  id: "flags",
  afterDatasetsDraw({ ctx, chartArea, scales: { x } }) {
    ctx.save();
    ctx.font = `560 12px ${colours.font}`;
    ctx.strokeStyle = colours.flag;
    ctx.textBaseline = "alphabetic";
    let taken = -Infinity, row = 0;
    drawing.starts.forEach(({ at, name }) => {
      const left = x.getPixelForValue(at), width = ctx.measureText(name).width;
      const start = Math.min(left + 6, chartArea.right - width);
      row = start < taken ? row + 1 : 0;
      taken = start + width + 12;
      const top = chartArea.top - 30 + row * 15;
      ctx.setLineDash([3, 4]);
      ctx.beginPath();
      ctx.moveTo(left, top - 8);
      ctx.lineTo(left, chartArea.bottom);
      ctx.stroke();
      ctx.fillStyle = colours.word;
      ctx.fillText(name, start, top);
    });
    ctx.restore();
  },
});

const names = (drawing, colours) => ({
  id: "names",
  afterDatasetsDraw(chart) {
    const { ctx, chartArea } = chart;
    const end = (set) => chart.getDatasetMeta(set).data.at(drawing.sold.length - 1).y;
    const places = [
      { y: end(0), word: drawing.words.redeemed, colour: colours.redeemedWord },
      { y: end(1), word: drawing.words.sold, colour: colours.sold },
    ].sort((a, b) => a.y - b.y);
    const [upper, lower] = places;
    const gap = 18 - (lower.y - upper.y);
    if (gap > 0) { upper.y -= gap / 2; lower.y += gap / 2; }
    const beyond = lower.y - (chartArea.bottom - 6);
    if (beyond > 0) { lower.y -= beyond; upper.y = Math.min(upper.y, lower.y - 18); }
    ctx.save();
    ctx.font = `640 13px ${colours.font}`;
    ctx.textBaseline = "middle";
    for (const { y, word, colour } of places) {
      ctx.fillStyle = colour;
      ctx.fillText(word, chartArea.right + 8, y);
    }
    ctx.restore();
  },
});

// What the pointer brought up stays while the pointer is on it, and goes by Escape until the pointer comes anew.
const AROUND = 10; // px between a column and what tells of it
const dismissed = new WeakSet();

const holding = {
  id: "holding",
  beforeEvent(chart, { event }) {
    if (event.type === "mouseout") dismissed.delete(chart);
    if (event.type !== "mousemove") return true;
    return !dismissed.has(chart) && !isOnTooltip(chart.tooltip, event);
  },
};

function isOnTooltip(tooltip, { x, y }) {
  if (!tooltip?.opacity) return false;
  const { x: left, y: top, width, height } = tooltip;
  return x > left - AROUND && x < left + width + AROUND && y > top - AROUND && y < top + height + AROUND;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const chart of drawn.values()) {
    if (!chart.tooltip?.opacity) continue;
    dismissed.add(chart);
    chart.setActiveElements([]);
    chart.tooltip.setActiveElements([], { x: 0, y: 0 });
    chart.update();
  }
});

function settings(drawing, colours, width) {
  const number = new Intl.NumberFormat(drawing.language);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const goesOn = (place) => place === drawing.unfinished;
  const fill = ({ dataIndex }) => (goesOn(dataIndex) ? colours.surface : colours.redeemed);
  const tick = { color: colours.word, font: { family: colours.font, size: 12 } };
  return {
    data: {
      labels: drawing.labels,
      datasets: [
        {
          type: "bar", label: drawing.words.redeemed, data: drawing.redeemed, order: 2,
          backgroundColor: fill, hoverBackgroundColor: fill, borderColor: colours.redeemed, borderRadius: 4,
          borderWidth: ({ dataIndex }) => (goesOn(dataIndex) ? 1.5 : 0), borderSkipped: false,
          categoryPercentage: 0.9, barPercentage: 0.82, maxBarThickness: 34,
        },
        {
          type: "line", label: drawing.words.sold, data: drawing.sold, order: 1,
          borderColor: colours.sold, backgroundColor: colours.sold, borderWidth: 2.5,
          segment: { borderDash: ({ p1DataIndex }) => (goesOn(p1DataIndex) ? [3, 4] : undefined) },
          pointRadius: 0, pointHitRadius: 18, pointHoverRadius: 5, pointHoverBackgroundColor: colours.sold,
          pointHoverBorderColor: colours.surface, pointHoverBorderWidth: 2, cubicInterpolationMode: "monotone",
        },
      ],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: still ? false : { duration: 240 },
      locale: drawing.language,
      interaction: { mode: "index", intersect: false },
      layout: { padding: { right: 78, top: drawing.starts.length ? 42 : 8 } },
      scales: {
        x: {
          grid: { display: false }, border: { color: colours.grid },
          ticks: { ...tick, autoSkip: true, maxTicksLimit: width < NARROW ? 4 : 8, maxRotation: 0 },
        },
        y: {
          beginAtZero: true, grid: { color: colours.grid }, border: { display: false },
          ticks: { ...tick, precision: 0, maxTicksLimit: 5, callback: (value) => number.format(value) },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          backgroundColor: colours.surface, borderColor: colours.flag, borderWidth: 1, cornerRadius: 10,
          titleColor: colours.strong, bodyColor: colours.strong, padding: 12, boxPadding: 6, usePointStyle: true,
          titleFont: { family: colours.font, size: 13, weight: 600 }, bodyFont: { family: colours.font, size: 13 },
          itemSort: (a, b) => b.datasetIndex - a.datasetIndex,
          callbacks: {
            title: ([item]) => drawing.titles[item.dataIndex] + (goesOn(item.dataIndex) ? ` (${drawing.words.unfinished})` : ""),
            label: (item) => ` ${item.dataset.label}: ${number.format(item.raw)}`,
            labelColor: ({ datasetIndex }) => {
              const fill = datasetIndex ? colours.sold : colours.redeemed;
              return { backgroundColor: fill, borderColor: fill };
            },
          },
        },
      },
    },
    plugins: [weekends(drawing, colours), flags(drawing, colours), names(drawing, colours), holding],
  };
}

const drawn = new Map();

function draw(holder) {
  drawn.get(holder)?.destroy();
  const drawing = JSON.parse(document.getElementById(holder.dataset.daysChart).textContent);
  drawn.set(holder, new window.Chart(holder.querySelector("canvas"), settings(drawing, palette(holder), holder.clientWidth)));
}

function drawAll() {
  for (const [holder, chart] of drawn) {
    if (!holder.isConnected) { chart.destroy(); drawn.delete(holder); }
  }
  document.querySelectorAll("[data-days-chart]").forEach(draw);
}

document.addEventListener("htmx:afterSwap", drawAll);
for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
  matchMedia(query).addEventListener("change", drawAll);
}
document.fonts.ready.then(drawAll);
