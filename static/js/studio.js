// The studio.
import "./app.js";
import "./accounts/signed_in.js";
import "./kept/form.js";
import "./give/ranks.js";
import "./live.js";
import "./nav.js";
import "./print.js";
import "./studio/days-chart.js";
import "./studio/focus.js";
import "./studio/look.js";
import "./studio/preview.js";
import "./studio/store.js";
