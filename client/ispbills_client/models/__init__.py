"""Contains all the data models used in inputs/outputs"""

from .bill import Bill
from .bill_customer import BillCustomer
from .bill_item import BillItem
from .bill_item_status import BillItemStatus
from .bill_list import BillList
from .bill_status import BillStatus
from .billed import Billed
from .billed_now import BilledNow
from .billed_now_outcome_type_0 import BilledNowOutcomeType0
from .billing import Billing
from .billing_outcome_type_0 import BillingOutcomeType0
from .billing_settings import BillingSettings
from .bulk_action import BulkAction
from .bulk_action_action import BulkActionAction
from .bulk_action_shown import BulkActionShown
from .bulk_action_shown_parameters import BulkActionShownParameters
from .bulk_action_shown_state import BulkActionShownState
from .bulk_item import BulkItem
from .bulk_item_list import BulkItemList
from .bulk_item_state import BulkItemState
from .bulk_parameters import BulkParameters
from .bulk_parameters_language import BulkParametersLanguage
from .bulk_parameters_order import BulkParametersOrder
from .bulk_parameters_output import BulkParametersOutput
from .by_method import ByMethod
from .by_source import BySource
from .by_source_source import BySourceSource
from .by_status import ByStatus
from .change_password import ChangePassword
from .checkout_action import CheckoutAction
from .checkout_action_action import CheckoutActionAction
from .checkout_settled import CheckoutSettled
from .close import Close
from .closing import Closing
from .closing_list import ClosingList
from .collected_line import CollectedLine
from .collected_line_source import CollectedLineSource
from .correction import Correction
from .correction_kind import CorrectionKind
from .customer import Customer
from .customer_billing_cycle import CustomerBillingCycle
from .customer_change import CustomerChange
from .customer_change_billing_cycle import CustomerChangeBillingCycle
from .customer_change_status import CustomerChangeStatus
from .customer_list import CustomerList
from .customer_shown import CustomerShown
from .customer_shown_billing_cycle import CustomerShownBillingCycle
from .customer_shown_status import CustomerShownStatus
from .customer_status import CustomerStatus
from .customer_totals import CustomerTotals
from .database import Database
from .day_sheet import DaySheet
from .day_sheet_state import DaySheetState
from .dead_letter import DeadLetter
from .dead_letter_list import DeadLetterList
from .dead_letter_state import DeadLetterState
from .download_bulk_action_as import DownloadBulkActionAs
from .entry import Entry
from .entry_kind import EntryKind
from .erase_customer import EraseCustomer
from .field_error import FieldError
from .filter_ import Filter
from .filter_status_type_0 import FilterStatusType0
from .filter_status_type_1_item import FilterStatusType1Item
from .get_invoice_file_language import GetInvoiceFileLanguage
from .get_invoice_file_paper import GetInvoiceFilePaper
from .get_receipt_file_language import GetReceiptFileLanguage
from .get_receipt_file_paper import GetReceiptFilePaper
from .get_statement_file_language import GetStatementFileLanguage
from .get_statement_file_paper import GetStatementFilePaper
from .held_payment import HeldPayment
from .held_payment_list import HeldPaymentList
from .held_payment_state import HeldPaymentState
from .import_customers_dates import ImportCustomersDates
from .import_customers_twins import ImportCustomersTwins
from .installation import Installation
from .isp_profile import IspProfile
from .isp_profile_e_invoice_type_0 import IspProfileEInvoiceType0
from .isp_profile_language_type_0 import IspProfileLanguageType0
from .isp_profile_paper_type_0 import IspProfilePaperType0
from .isp_profile_shown import IspProfileShown
from .isp_profile_shown_e_invoice import IspProfileShownEInvoice
from .isp_profile_shown_inherited import IspProfileShownInherited
from .isp_profile_shown_language import IspProfileShownLanguage
from .isp_profile_shown_paper import IspProfileShownPaper
from .line import Line
from .link import Link
from .link_state import LinkState
from .list_bills_sort import ListBillsSort
from .list_bills_status_item import ListBillsStatusItem
from .list_bulk_items_state import ListBulkItemsState
from .list_customers_billing_cycle_item import ListCustomersBillingCycleItem
from .list_customers_sort import ListCustomersSort
from .list_customers_status_item import ListCustomersStatusItem
from .list_held_payments_state import ListHeldPaymentsState
from .list_payments_sort import ListPaymentsSort
from .list_run_customers_outcome import ListRunCustomersOutcome
from .list_webhook_messages_state import ListWebhookMessagesState
from .logo import Logo
from .logo_media_type import LogoMediaType
from .logo_shown import LogoShown
from .logo_shown_media_type import LogoShownMediaType
from .me import Me
from .me_role import MeRole
from .message import Message
from .message_outcome import MessageOutcome
from .message_outcome_outcome import MessageOutcomeOutcome
from .message_shown import MessageShown
from .messages_of_action import MessagesOfAction
from .missed_month import MissedMonth
from .missed_month_list import MissedMonthList
from .month_left_out import MonthLeftOut
from .month_left_out_list import MonthLeftOutList
from .named import Named
from .new_token import NewToken
from .of_bill import OfBill
from .online_settings import OnlineSettings
from .online_settings_shown import OnlineSettingsShown
from .operation import Operation
from .operation_resource_type_0 import OperationResourceType0
from .operation_state import OperationState
from .operator import Operator
from .operator_change import OperatorChange
from .operator_shown import OperatorShown
from .operator_shown_list import OperatorShownList
from .owner import Owner
from .package import Package
from .package_change import PackageChange
from .package_shown import PackageShown
from .package_shown_list import PackageShownList
from .partner import Partner
from .partner_change import PartnerChange
from .partner_limits import PartnerLimits
from .partner_shown import PartnerShown
from .partner_shown_list import PartnerShownList
from .payer import Payer
from .payment import Payment
from .payment_gateway import PaymentGateway
from .payment_gateway_shown import PaymentGatewayShown
from .payment_gateway_shown_list import PaymentGatewayShownList
from .payment_gateway_shown_provider import PaymentGatewayShownProvider
from .payment_item import PaymentItem
from .payment_link import PaymentLink
from .payment_link_language import PaymentLinkLanguage
from .payment_link_shown import PaymentLinkShown
from .payment_link_shown_state import PaymentLinkShownState
from .payment_list import PaymentList
from .payment_recorded import PaymentRecorded
from .payment_shown import PaymentShown
from .payment_shown_list import PaymentShownList
from .payment_totals import PaymentTotals
from .payment_warning import PaymentWarning
from .place import Place
from .portal_message import PortalMessage
from .portal_message_language import PortalMessageLanguage
from .problem import Problem
from .process import Process
from .process_state import ProcessState
from .provider_refund import ProviderRefund
from .provider_refund_list import ProviderRefundList
from .provider_refund_state import ProviderRefundState
from .reason import Reason
from .rebuild import Rebuild
from .refund import Refund
from .refund_of_payment import RefundOfPayment
from .refund_shown import RefundShown
from .refused_line import RefusedLine
from .reminder import Reminder
from .reminder_plan import ReminderPlan
from .reminder_plan_skipped import ReminderPlanSkipped
from .reminder_rule import ReminderRule
from .reminder_rule_change import ReminderRuleChange
from .reminder_rule_change_language import ReminderRuleChangeLanguage
from .reminder_rule_change_template import ReminderRuleChangeTemplate
from .reminder_rule_language import ReminderRuleLanguage
from .reminder_rule_shown import ReminderRuleShown
from .reminder_rule_shown_language import ReminderRuleShownLanguage
from .reminder_rule_shown_list import ReminderRuleShownList
from .reminder_rule_shown_template import ReminderRuleShownTemplate
from .reminder_rule_template import ReminderRuleTemplate
from .reminder_try import ReminderTry
from .report import Report
from .run import Run
from .run_customer import RunCustomer
from .run_customer_list import RunCustomerList
from .run_customer_outcome import RunCustomerOutcome
from .run_shown import RunShown
from .run_shown_list import RunShownList
from .run_shown_skipped import RunShownSkipped
from .run_shown_state import RunShownState
from .saved_view import SavedView
from .saved_view_list import SavedViewList
from .selection import Selection
from .session import Session
from .settings import Settings
from .sign_in import SignIn
from .signed import Signed
from .signed_in import SignedIn
from .signed_in_role import SignedInRole
from .sms_gateway import SmsGateway
from .sms_gateway_headers import SmsGatewayHeaders
from .sms_gateway_provider import SmsGatewayProvider
from .sms_gateway_query import SmsGatewayQuery
from .sms_gateway_shown import SmsGatewayShown
from .sms_gateway_shown_provider_type_0 import SmsGatewayShownProviderType0
from .sms_gateway_shown_settings import SmsGatewayShownSettings
from .sms_settings import SmsSettings
from .sms_settings_provider_type_0 import SmsSettingsProviderType0
from .sms_settings_settings import SmsSettingsSettings
from .sms_template import SmsTemplate
from .sms_template_language import SmsTemplateLanguage
from .sms_template_shown import SmsTemplateShown
from .sms_template_shown_language import SmsTemplateShownLanguage
from .sms_template_shown_list import SmsTemplateShownList
from .sms_template_shown_template import SmsTemplateShownTemplate
from .sms_template_template import SmsTemplateTemplate
from .sms_test import SmsTest
from .sms_test_language import SmsTestLanguage
from .standing_partition import StandingPartition
from .statement import Statement
from .token import Token
from .token_shown import TokenShown
from .token_shown_list import TokenShownList
from .totals import Totals
from .unbilled_customer import UnbilledCustomer
from .unbilled_customer_list import UnbilledCustomerList
from .undone import Undone
from .undone_fields import UndoneFields
from .user import User
from .user_change import UserChange
from .user_change_role import UserChangeRole
from .user_role import UserRole
from .user_shown import UserShown
from .user_shown_list import UserShownList
from .user_shown_role import UserShownRole
from .view import View
from .view_change import ViewChange
from .void import Void
from .warned import Warned
from .webhook import Webhook
from .webhook_attempt import WebhookAttempt
from .webhook_change import WebhookChange
from .webhook_change_types_item import WebhookChangeTypesItem
from .webhook_message import WebhookMessage
from .webhook_message_list import WebhookMessageList
from .webhook_message_shown import WebhookMessageShown
from .webhook_message_shown_state import WebhookMessageShownState
from .webhook_message_state import WebhookMessageState
from .webhook_shown import WebhookShown
from .webhook_shown_disabled_reason_type_0 import WebhookShownDisabledReasonType0
from .webhook_shown_list import WebhookShownList
from .webhook_shown_types_item import WebhookShownTypesItem
from .webhook_types_item import WebhookTypesItem
from .webhook_with_secret import WebhookWithSecret
from .webhook_with_secret_disabled_reason_type_0 import WebhookWithSecretDisabledReasonType0
from .webhook_with_secret_types_item import WebhookWithSecretTypesItem

__all__ = (
    "Bill",
    "BillCustomer",
    "Billed",
    "BilledNow",
    "BilledNowOutcomeType0",
    "Billing",
    "BillingOutcomeType0",
    "BillingSettings",
    "BillItem",
    "BillItemStatus",
    "BillList",
    "BillStatus",
    "BulkAction",
    "BulkActionAction",
    "BulkActionShown",
    "BulkActionShownParameters",
    "BulkActionShownState",
    "BulkItem",
    "BulkItemList",
    "BulkItemState",
    "BulkParameters",
    "BulkParametersLanguage",
    "BulkParametersOrder",
    "BulkParametersOutput",
    "ByMethod",
    "BySource",
    "BySourceSource",
    "ByStatus",
    "ChangePassword",
    "CheckoutAction",
    "CheckoutActionAction",
    "CheckoutSettled",
    "Close",
    "Closing",
    "ClosingList",
    "CollectedLine",
    "CollectedLineSource",
    "Correction",
    "CorrectionKind",
    "Customer",
    "CustomerBillingCycle",
    "CustomerChange",
    "CustomerChangeBillingCycle",
    "CustomerChangeStatus",
    "CustomerList",
    "CustomerShown",
    "CustomerShownBillingCycle",
    "CustomerShownStatus",
    "CustomerStatus",
    "CustomerTotals",
    "Database",
    "DaySheet",
    "DaySheetState",
    "DeadLetter",
    "DeadLetterList",
    "DeadLetterState",
    "DownloadBulkActionAs",
    "Entry",
    "EntryKind",
    "EraseCustomer",
    "FieldError",
    "Filter",
    "FilterStatusType0",
    "FilterStatusType1Item",
    "GetInvoiceFileLanguage",
    "GetInvoiceFilePaper",
    "GetReceiptFileLanguage",
    "GetReceiptFilePaper",
    "GetStatementFileLanguage",
    "GetStatementFilePaper",
    "HeldPayment",
    "HeldPaymentList",
    "HeldPaymentState",
    "ImportCustomersDates",
    "ImportCustomersTwins",
    "Installation",
    "IspProfile",
    "IspProfileEInvoiceType0",
    "IspProfileLanguageType0",
    "IspProfilePaperType0",
    "IspProfileShown",
    "IspProfileShownEInvoice",
    "IspProfileShownInherited",
    "IspProfileShownLanguage",
    "IspProfileShownPaper",
    "Line",
    "Link",
    "LinkState",
    "ListBillsSort",
    "ListBillsStatusItem",
    "ListBulkItemsState",
    "ListCustomersBillingCycleItem",
    "ListCustomersSort",
    "ListCustomersStatusItem",
    "ListHeldPaymentsState",
    "ListPaymentsSort",
    "ListRunCustomersOutcome",
    "ListWebhookMessagesState",
    "Logo",
    "LogoMediaType",
    "LogoShown",
    "LogoShownMediaType",
    "Me",
    "MeRole",
    "Message",
    "MessageOutcome",
    "MessageOutcomeOutcome",
    "MessageShown",
    "MessagesOfAction",
    "MissedMonth",
    "MissedMonthList",
    "MonthLeftOut",
    "MonthLeftOutList",
    "Named",
    "NewToken",
    "OfBill",
    "OnlineSettings",
    "OnlineSettingsShown",
    "Operation",
    "OperationResourceType0",
    "OperationState",
    "Operator",
    "OperatorChange",
    "OperatorShown",
    "OperatorShownList",
    "Owner",
    "Package",
    "PackageChange",
    "PackageShown",
    "PackageShownList",
    "Partner",
    "PartnerChange",
    "PartnerLimits",
    "PartnerShown",
    "PartnerShownList",
    "Payer",
    "Payment",
    "PaymentGateway",
    "PaymentGatewayShown",
    "PaymentGatewayShownList",
    "PaymentGatewayShownProvider",
    "PaymentItem",
    "PaymentLink",
    "PaymentLinkLanguage",
    "PaymentLinkShown",
    "PaymentLinkShownState",
    "PaymentList",
    "PaymentRecorded",
    "PaymentShown",
    "PaymentShownList",
    "PaymentTotals",
    "PaymentWarning",
    "Place",
    "PortalMessage",
    "PortalMessageLanguage",
    "Problem",
    "Process",
    "ProcessState",
    "ProviderRefund",
    "ProviderRefundList",
    "ProviderRefundState",
    "Reason",
    "Rebuild",
    "Refund",
    "RefundOfPayment",
    "RefundShown",
    "RefusedLine",
    "Reminder",
    "ReminderPlan",
    "ReminderPlanSkipped",
    "ReminderRule",
    "ReminderRuleChange",
    "ReminderRuleChangeLanguage",
    "ReminderRuleChangeTemplate",
    "ReminderRuleLanguage",
    "ReminderRuleShown",
    "ReminderRuleShownLanguage",
    "ReminderRuleShownList",
    "ReminderRuleShownTemplate",
    "ReminderRuleTemplate",
    "ReminderTry",
    "Report",
    "Run",
    "RunCustomer",
    "RunCustomerList",
    "RunCustomerOutcome",
    "RunShown",
    "RunShownList",
    "RunShownSkipped",
    "RunShownState",
    "SavedView",
    "SavedViewList",
    "Selection",
    "Session",
    "Settings",
    "Signed",
    "SignedIn",
    "SignedInRole",
    "SignIn",
    "SmsGateway",
    "SmsGatewayHeaders",
    "SmsGatewayProvider",
    "SmsGatewayQuery",
    "SmsGatewayShown",
    "SmsGatewayShownProviderType0",
    "SmsGatewayShownSettings",
    "SmsSettings",
    "SmsSettingsProviderType0",
    "SmsSettingsSettings",
    "SmsTemplate",
    "SmsTemplateLanguage",
    "SmsTemplateShown",
    "SmsTemplateShownLanguage",
    "SmsTemplateShownList",
    "SmsTemplateShownTemplate",
    "SmsTemplateTemplate",
    "SmsTest",
    "SmsTestLanguage",
    "StandingPartition",
    "Statement",
    "Token",
    "TokenShown",
    "TokenShownList",
    "Totals",
    "UnbilledCustomer",
    "UnbilledCustomerList",
    "Undone",
    "UndoneFields",
    "User",
    "UserChange",
    "UserChangeRole",
    "UserRole",
    "UserShown",
    "UserShownList",
    "UserShownRole",
    "View",
    "ViewChange",
    "Void",
    "Warned",
    "Webhook",
    "WebhookAttempt",
    "WebhookChange",
    "WebhookChangeTypesItem",
    "WebhookMessage",
    "WebhookMessageList",
    "WebhookMessageShown",
    "WebhookMessageShownState",
    "WebhookMessageState",
    "WebhookShown",
    "WebhookShownDisabledReasonType0",
    "WebhookShownList",
    "WebhookShownTypesItem",
    "WebhookTypesItem",
    "WebhookWithSecret",
    "WebhookWithSecretDisabledReasonType0",
    "WebhookWithSecretTypesItem",
)
