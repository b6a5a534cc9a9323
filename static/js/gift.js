// The gift page.
import "./app.js";
import "./live.js";
import "./gift/counter.js";
