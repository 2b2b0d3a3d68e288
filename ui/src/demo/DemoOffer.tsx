import { useDemoStart } from "./useDemo";
import { DemoOfferView } from "./DemoOfferView";

/** The way to data for those who have none yet. For admins: it makes an app. */
export function DemoOffer() {
  return <DemoOfferView demo={useDemoStart()} />;
}
