// Puts the page together: draws it, then loads what is large.

import { render } from "preact";
import { App } from "./components/App.jsx";
import { keepHistory } from "./state/calls.js";
import { loadCatalogue } from "./state/catalogue.js";
import { forgetFindings } from "./state/doctor.js";
import { loadSigner } from "./state/library.js";
import { startRouting } from "./state/route.js";
import { applySettings } from "./state/settings.js";
import { keepSigned } from "./state/signing.js";
import "./styles/index.css";

applySettings();
keepHistory();
forgetFindings();
startRouting();
render(<App />, document.getElementById("app"));
loadCatalogue();
loadSigner();
keepSigned();
