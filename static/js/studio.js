// The studio.
import "./app.js";
import "./nav.js";
import "./studio/days-chart.js";
import "./studio/store.js";
