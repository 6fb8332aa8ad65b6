using Microsoft.Extensions.Options;

namespace Monitoring.History;

[OptionsValidator]
internal sealed partial class HistoryOptionsValidator : IValidateOptions<HistoryOptions>;
