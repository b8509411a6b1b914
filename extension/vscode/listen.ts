import { Meter, type MeterReading } from "../../protocol/meter.ts";
import { type ModelStatus, ModelStatusChanged } from "../../protocol/model.ts";
import type { SidecarConnection, Subscription } from "../client/connection.ts";

/** Hears what the sidecar announces. */
export function listen(
  connection: SidecarConnection,
  onReading: (reading: MeterReading) => void,
  onStatus: (status: ModelStatus) => void,
): readonly Subscription[] {
  return [
    connection.onNotification(Meter, onReading),
    connection.onNotification(ModelStatusChanged, onStatus),
  ];
}
