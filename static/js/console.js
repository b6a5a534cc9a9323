// Everything of a device but the till at work: pairing, signing in, the console.
import "./app.js";
import "./kept/form.js";
import "./live.js";
import "./nav.js";
import "./till/pair.js";
import "./print.js";
import "./till/keys/pin_again.js";
import "./till/search.js";
import "./till/sign_in.js";
