using Google.Protobuf;
using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Watchers;

/// <summary>What kind of message came over a watch.</summary>
internal sealed class WatchedKind
{
    private const byte EventTag = (1 << 3) | 2;
    private static readonly WatchedKind _event = new();
    private static readonly WatchedKind _snapshotComplete = new();
    private static readonly WatchedKind _heartbeat = new();

    private WatchedKind()
    {
    }

    /// <summary>Whether it is a transition.</summary>
    public bool IsEvent => ReferenceEquals(this, _event);

    /// <summary>Whether everything that was open has been sent.</summary>
    public bool IsSnapshotComplete => ReferenceEquals(this, _snapshotComplete);

    /// <summary>Reads the kind alone: a thousand watchers share the machine with the program that serves them.</summary>
    public static WatchedKind Read(DeserializationContext context) => context.PayloadAsReadOnlySequence().FirstSpan[0] switch
    {
        EventTag => _event,
        EventTag + (1 << 3) => _snapshotComplete,
        _ => _heartbeat,
    };
}

/// <summary><c>Alerts.Watch</c> for those who count messages and do not read them.</summary>
internal static class WatchMethod
{
    /// <summary>The method.</summary>
    public static Method<WatchAlertsRequest, WatchedKind> Instance { get; } = new(
        MethodType.ServerStreaming,
        "monitoring.v1.Alerts",
        "Watch",
        Marshallers.Create(request => request.ToByteArray(), WatchAlertsRequest.Parser.ParseFrom),
        Marshallers.Create<WatchedKind>((_, _) => throw new NotSupportedException(), WatchedKind.Read));
}
