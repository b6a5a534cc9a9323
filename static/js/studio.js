// The studio.
import "./app.js";
import "./live.js";
import "./nav.js";
import "./studio/days-chart.js";
import "./studio/store.js";
