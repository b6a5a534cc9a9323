// The gift page.
import "./app.js";
import "./gift/counter.js";
