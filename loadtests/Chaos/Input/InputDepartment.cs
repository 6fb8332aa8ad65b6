namespace Monitoring.Chaos.Input;

/// <summary>A department of the workload.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Path">Pattern of the nodes it is warned about, of both indicators.</param>
/// <param name="Level">Lowest level that is told: info, warning or critical.</param>
internal sealed record InputDepartment(string Id, string Path, string Level)
{
    /// <summary>The one that is told of everything.</summary>
    public const string Everything = "everything";

    /// <summary>All of them.</summary>
    public static InputDepartment[] All { get; } =
    [
        new(Everything, "**", "info"),
        new("first-region", "r0/**", "info"),
        new("areas", "*/*", "warning"),
        new("crisis", "**", "critical"),
    ];
}
