// The gift page.
import "./app.js";
import "./kept/form.js";
import "./live.js";
import "./give/ranks.js";
import "./gift/choices.js";
import "./gift/counter.js";
