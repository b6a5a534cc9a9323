// The till, at work.
import "./app.js";
import "./till/till.js";
