// The one script of every page. Each part mends what HTML already does; nothing here is needed to finish a task.
import { startHtmx } from "./lib/htmx";
import { startLive } from "./lib/live";
import { startForms } from "./lib/form";
import { startTimes } from "./lib/time";
import { startSheets } from "./lib/sheet";
import { startSharing } from "./lib/share";
import { startNear } from "./lib/near";
import { startConnection } from "./lib/connection";
import { forgetKept } from "./lib/kept";

startHtmx();
startForms();
startSheets();
startSharing();
startTimes();
startNear();
startConnection();
forgetKept();
startLive();
