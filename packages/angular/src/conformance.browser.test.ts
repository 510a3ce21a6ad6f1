import "@angular/compiler"; // nothing is compiled ahead here

import { provideZonelessChangeDetection } from "@angular/core";
import { runBindingSuite } from "@tidewire/conformance/binding";
import { angular } from "./angular-driver.fixture.ts";

runBindingSuite(await angular("Angular, zoneless", provideZonelessChangeDetection()));
