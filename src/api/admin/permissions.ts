// Who may what in the console: one table, an operation a row. A route without a row cannot be registered.
import type { ViewOf } from "../../engine/note-view.ts";
import type { Role } from "../../store/staff.ts";

const EVERYONE: readonly Role[] = ["owner", "finance", "support", "auditor"];
const HANDS: readonly Role[] = ["owner", "finance", "support"];
const MONEY: readonly Role[] = ["owner", "finance"];
const CARE: readonly Role[] = ["owner", "support"];
const OWNER: readonly Role[] = ["owner"];
/** Who answers for what the others may do, and who looks into it. */
const WATCH: readonly Role[] = ["owner", "auditor"];
/** Staff do it by two: one proposes, another approves. */
const NOBODY_ALONE: readonly Role[] = [];

/**
 * By operationId. An auditor sees everything and changes nothing; support talks with customers and grants time; finance books money and
 * judges proofs; what reaches everybody at once (policy, breaker, team, keys, webhooks) is an owner's.
 */
export const PERMISSIONS: Readonly<Record<string, readonly Role[]>> = {
  // Customers and their matters, seen.
  listCustomers: EVERYONE,
  getCustomer: EVERYONE,
  explainCustomer: EVERYONE,
  exportEvidence: EVERYONE,
  exportDossier: EVERYONE,
  getService: EVERYONE,
  getInvoice: EVERYONE,
  listReceipts: EVERYONE,
  listPromises: EVERYONE,
  offerPromise: EVERYONE,
  listClaims: EVERYONE,
  getClaim: EVERYONE,
  getClaimPicture: EVERYONE,
  listWaitingMoney: EVERYONE,
  reconcileDay: EVERYONE,
  rehearse: EVERYONE,
  getBreaker: EVERYONE,
  getAmountDue: EVERYONE,
  listTerminations: EVERYONE,
  listWriteOffs: EVERYONE,
  getAddress: EVERYONE,
  listConversations: EVERYONE,
  getConversation: EVERYONE,
  suggestAnswers: HANDS,
  // Customers and their matters, changed.
  createCustomer: HANDS,
  editCustomer: HANDS,
  createService: HANDS,
  linkService: CARE,
  createInvoice: MONEY,
  voidInvoice: NOBODY_ALONE,
  proposeWriteOff: HANDS,
  approveWriteOff: MONEY,
  withdrawWriteOff: HANDS,
  recordReceipts: MONEY,
  refundReceipt: MONEY,
  applyCredit: MONEY,
  assignMoney: MONEY,
  dismissMoney: MONEY,
  grantPromise: HANDS,
  cancelPromise: HANDS,
  placeHold: HANDS,
  releaseHold: HANDS,
  // As the single acts they are made of.
  previewMany: HANDS,
  actOnMany: HANDS,
  undoMany: HANDS,
  submitClaim: HANDS,
  decideClaim: MONEY,
  switchClaims: MONEY,
  setAddress: HANDS,
  chargeInvoice: HANDS,
  replyToConversation: HANDS,
  closeConversation: HANDS,
  assignConversation: HANDS,
  claimFromConversation: HANDS,
  approveBreaker: OWNER,
  approveTermination: OWNER,
  // The console's own pages.
  getMe: EVERYONE,
  setLanguage: EVERYONE,
  listSessions: EVERYONE,
  endSession: EVERYONE,
  endOtherSessions: EVERYONE,
  beginSecondFactor: EVERYONE,
  confirmSecondFactor: EVERYONE,
  endSecondFactor: EVERYONE,
  getRun: EVERYONE,
  getToday: EVERYONE,
  getComing: EVERYONE,
  refreshComing: EVERYONE,
  listMatters: EVERYONE,
  // One's own: they change what one sees, and nothing of a customer.
  listSavedViews: EVERYONE,
  saveView: EVERYONE,
  renameView: EVERYONE,
  forgetView: EVERYONE,
  find: EVERYONE,
  getCase: EVERYONE,
  askCancellation: HANDS,
  listRunningPromises: EVERYONE,
  listPolicies: EVERYONE,
  getPolicy: EVERYONE,
  checkPolicy: EVERYONE,
  replayPolicy: EVERYONE,
  storePolicy: OWNER,
  activatePolicy: OWNER,
  getReports: EVERYONE,
  exportReport: EVERYONE,
  getTrustReports: EVERYONE,
  listReleases: EVERYONE,
  getSettings: EVERYONE,
  testSetting: OWNER,
  sendTestLetter: OWNER,
  listStaff: EVERYONE,
  inviteStaff: OWNER,
  changeStaff: OWNER,
  listRecord: WATCH,
  listApiKeys: OWNER,
  addApiKey: OWNER,
  revokeApiKey: OWNER,
  listWebhooks: OWNER,
  addWebhook: OWNER,
  testWebhook: OWNER,
  rotateWebhook: OWNER,
  resumeWebhook: OWNER,
  removeWebhook: OWNER,
};

/**
 * Reading these shows one customer's personal data: who looked, and when, goes into that customer's evidence. The value says what the
 * address names, and so whose data it is. Lists of many customers are not here: a line in each of a hundred chains would prove nothing.
 */
export const PERSONAL: Readonly<Record<string, ViewOf>> = {
  getCustomer: "customer",
  explainCustomer: "customer",
  exportEvidence: "customer",
  exportDossier: "customer",
  getCase: "customer",
  getAddress: "customer",
  offerPromise: "customer",
  listPromises: "customer",
  // These name their customer in the query; proofs under review of everybody are a list of many.
  listReceipts: "customer",
  listClaims: "customer",
  getService: "service",
  getInvoice: "invoice",
  getAmountDue: "invoice",
  getClaim: "claim",
  getClaimPicture: "claim",
  getConversation: "conversation",
  suggestAnswers: "conversation",
};
