//! The errors of the report operations, as in the `x-response-codes` of the official file. A catalogue of its own: some ids
//! mean something else at campaigns.

/// Messages by id; `{names}` are filled in, and told as parameters.
pub const CATALOGUE: &[(u32, &str)] = &[
    (35041, "A 'marketplaceId' is required. Supported marketplaces are: {supportedMarketplaces}"),
    (
        35051,
        "The 'marketplaceId' {marketplaceId} is not supported. Supported marketplaces are: {supportedMarketplaces}",
    ),
    (35090, "dateFrom and dateTo span exceeds maximum allowed. Only up to {maxDayRange} days are supported."),
    (
        35091,
        "'additionalRecords' are supported only with COST_PER_CLICK FundingModel and non-performing data is applicable for account level reports with no Day level dimension. 'additionalRecords' are applicable for reportTypes {supportedReportTypes}",
    ),
    (
        35101,
        "You have exceeded the maximum number of campaign IDs. Only {maxSupportedCampaigns} campaigns are supported per call.",
    ),
    (35102, "The {date_key} date is required for this call."),
    (35103, "The date cannot be in future."),
    (35104, "The report start date {dateFrom} cannot be after the end date {dateTo}."),
    (
        35105,
        "The report 'dateFrom' {dateFrom} is out of range. Reports are limited up to {maxDays} days in the past.",
    ),
    (
        35107,
        "The 'dimensionKey' {dimensionKey} is not supported for the 'reportType' {reportType}. To see the supported dimension keys for a report, use one of the 'Get Metadata' calls.",
    ),
    (
        35108,
        "The 'annotationKey' {annotationKey} is not supported for the 'dimensionKey' {dimensionKey}. To see the supported annotation and dimension keys for a report, use one of the 'Get Metadata' calls.",
    ),
    (
        35109,
        "The 'report_task_statuses' {invalid_report_task_statuses} is invalid. Valid values are: {supportedReportTaskStatuses}.",
    ),
    (35110, "The 'report_id' {report_id} was not found. Correct the 'report_id' and try the call again."),
    (35114, "The 'reportType' is invalid. Valid values are: {supportedReportTypes}."),
    (
        35115,
        "The 'metricKey' {metricKey} is not supported for the 'reportType' {reportType}. To see the supported metric keys for a report, use one of the 'Get Metadata' calls.",
    ),
    (35116, "Supplied 'report_type' not found. Valid values are: {supportedReportTypes}."),
    (35118, "The 'reportFormat' is missing or invalid. Valid values are: {supportedReportFormats}"),
    (
        35119,
        "The minimum set of 'dimensionKey' is not provided for the 'reportType' {reportType}. Minimum required dimensionKeys are: {minimumDimensionKeys}",
    ),
    (
        35120,
        "At least  one 'metricKey' must be provided for 'reportType' {reportType}. Valid metricKeys are: {supportedMetricKeys}",
    ),
    (35121, "The 'fundingModel' is invalid. Valid values are: {supportedFundingModels}."),
    (35123, "The 'dimensionKey' {dimensionKey} is not valid for the 'fundingModel' {fundingModel}"),
    (
        35124,
        "Multiple funding models are not supported. Please use one of the following funding models: {supportedFundingModels}",
    ),
    (35125, "The 'channel' is invalid. Valid values are: {supportedChannels}."),
    (
        35126,
        "Multiple channels are not supported. Please use one of the following channels: {supportedChannels}",
    ),
    (35128, "The 'dimensionKey' {dimensionKey} is not valid for the 'channels' {supportedChannels}"),
    (35133, "The 'fundingModel' is not supported for the  'report_type' {reportType}."),
    (35137, "The {date_key} date format is not valid."),
    (
        35140,
        "No ReportTask found for 'report_task_id' {report_task_id}. Please correct the 'report_task_id' and try again.",
    ),
    (
        35141,
        "The Report Task with 'report_task_id' {report_task_id} is being modified. Please wait a few minutes and try the call again.",
    ),
];
