using Grpc.Core;
using Monitoring.Chaos.Input;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos.Producers;

/// <summary>One push stream of a source, from its welcome to its end.</summary>
internal sealed class SourceStream : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly AsyncDuplexStreamingCall<PushRequest, PushResponse> _call;
    private readonly SourceInput _input;
    private readonly SourceLedger _ledger;
    private readonly CancellationTokenSource _ending;
    private readonly SemaphoreSlim _room;
    private readonly Queue<(long Sequence, int Points, int Flaws)> _waiting = new();
    private readonly BatchWriter _writer;
    private readonly long _first;
    private readonly long _last;

    private SourceStream(
        AsyncDuplexStreamingCall<PushRequest, PushResponse> call,
        SourceInput input,
        SourceLedger ledger,
        ResendHabit habit,
        CancellationTokenSource ending,
        Welcome welcome)
    {
        _call = call;
        _input = input;
        _ledger = ledger;
        _ending = ending;
        _room = new SemaphoreSlim((int)welcome.Window);
        _writer = new BatchWriter(input.Shape.Leaves);
        _first = Math.Max(1, ledger.Acknowledged + 1 - habit.Back);
        _last = habit.StreamLength == long.MaxValue ? ledger.Batches : Math.Min(ledger.Batches, ledger.Acknowledged + habit.StreamLength);
    }

    /// <summary>Opens a stream and waits until it is welcome.</summary>
    /// <param name="client">Of the gateway.</param>
    /// <param name="input">What the source says.</param>
    /// <param name="ledger">What it was told.</param>
    /// <param name="habit">What it sends again.</param>
    /// <param name="ending">Ends the stream; is cancelled when the gateway falls silent.</param>
    public static async Task<SourceStream> OpenAsync(
        Ingest.IngestClient client, SourceInput input, SourceLedger ledger, ResendHabit habit, CancellationTokenSource ending)
    {
        ending.CancelAfter(_patience);
        var call = client.Push(cancellationToken: ending.Token);
        try
        {
            var hello = new Hello { Source = SourceInput.NameOf(ledger.Source), AcknowledgedSequence = (ulong)ledger.Acknowledged };
            await call.RequestStream.WriteAsync(new PushRequest { Hello = hello }, ending.Token);
            if (!await call.ResponseStream.MoveNext(ending.Token) || call.ResponseStream.Current.Welcome is not { } welcome)
            {
                throw new InvalidOperationException("The stream did not begin with a welcome.");
            }

            ledger.OnWelcome((long)welcome.AcknowledgedSequence, (long)welcome.HighestSequence);
            return new SourceStream(call, input, ledger, habit, ending, welcome);
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>Sends batches until the source, the stream's length or the stream itself ends.</summary>
    /// <param name="began">Timestamp at which the source's first batch was due; null to send as fast as the window allows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(long? began, CancellationToken cancellationToken)
    {
        var receiving = ReceiveAsync();
        var points = new List<InputPoint>();
        for (var sequence = _first; sequence <= _last && !receiving.IsCompleted; sequence++)
        {
            if (began is { } start && ChaosSource.DueIn(start, sequence) is { Ticks: > 0 } early)
            {
                await Task.WhenAny(Task.Delay(early, TimeProvider.System, cancellationToken), receiving);
            }

            if (await Task.WhenAny(_room.WaitAsync(_ending.Token), receiving) == receiving)
            {
                break;
            }

            _input.Read(_ledger.Source, sequence, points);
            var batch = _writer.Write(sequence, points);
            lock (_waiting)
            {
                _waiting.Enqueue((sequence, points.Count, points.Count(point => point.Flaw != Flaw.None)));
                _ending.CancelAfter(_patience);
            }

            _ledger.OnSending(sequence);
            try
            {
                await _call.RequestStream.WriteAsync(new PushRequest { Batch = batch }, _ending.Token);
            }
            catch (Exception broken) when (broken is RpcException or InvalidOperationException)
            {
                break; // The stream is over; receiving tells why.
            }
        }

        await receiving;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Without a word: a source that dies says nothing either.
        _call.Dispose();
        _room.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes acknowledgements until the last batch of the stream is covered, or the gateway asks for a new stream.</summary>
    private async Task ReceiveAsync()
    {
        var covered = _first - 1;
        var isLeaving = false;
        while (covered < _last && await _call.ResponseStream.MoveNext(_ending.Token))
        {
            isLeaving |= _call.ResponseStream.Current.Reconnect is not null;
            if (_call.ResponseStream.Current.Ack is { } ack)
            {
                Take(ack, ref covered);
            }

            lock (_waiting)
            {
                if (isLeaving && _waiting.Count == 0)
                {
                    return;
                }
            }
        }
    }

    private void Take(Ack ack, ref long covered)
    {
        var (points, flaws) = (0L, 0L);
        lock (_waiting)
        {
            while (_waiting.TryPeek(out var batch) && batch.Sequence <= (long)ack.Sequence)
            {
                points += batch.Points;
                flaws += batch.Flaws;
                covered = batch.Sequence;
                _waiting.Dequeue();
                _room.Release();
            }

            // Silence is only suspicious while something waits for an answer.
            _ending.CancelAfter(_waiting.Count > 0 ? _patience : Timeout.InfiniteTimeSpan);
        }

        if ((long)ack.Sequence > _ledger.Sent)
        {
            _ledger.Complain($"batch {ack.Sequence} was acknowledged, sent was up to {_ledger.Sent}");
            return;
        }

        _ledger.OnAck((long)ack.Sequence, (long)ack.Accepted, (long)ack.Duplicates, ack.Rejections.Count, points, flaws);
    }
}
