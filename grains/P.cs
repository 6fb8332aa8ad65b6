namespace Monitoring;
