// Signing in, and the choice of a brand.
import "./app.js";
import "./accounts/passkey.js";
import "./kept/record.js";
