// Signing in, and the choice of a brand.
import "./app.js";
import "./kept/record.js";
