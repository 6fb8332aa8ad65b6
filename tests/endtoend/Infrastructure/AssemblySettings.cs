using Xunit.Sdk;
using Xunit.v3;

// Every test runs a gateway of its own under load; two at a time would only measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
