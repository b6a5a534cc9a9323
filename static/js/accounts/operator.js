// One's own account, and the operator's pages.
import "../app.js";
import "./passkey.js";
import "./signed_in.js";
import "../kept/form.js";
import "../live.js";
import "../nav.js";
import "../print.js";
