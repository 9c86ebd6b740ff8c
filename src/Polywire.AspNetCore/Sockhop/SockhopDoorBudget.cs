using System.Net;
using Polywire.Bounds;
using Library = Polywire.Sockhop.Bounds;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>Puts what Sockhop connections hold on the account of the whole process.</summary>
internal sealed class SockhopDoorBudget(InputBudget budget, InputEndLog ends) : Library.IInputBudget
{
    public Library.IInputAccount Open(Library.IInputHolder holder) => new Account(budget, ends, holder);

    private sealed class Account : Library.IInputAccount, IInputHolder
    {
        private readonly InputEndLog _ends;
        private readonly Library.IInputHolder _holder;
        private readonly IInputAccount _account;

        public Account(InputBudget budget, InputEndLog ends, Library.IInputHolder holder)
        {
            (_ends, _holder) = (ends, holder);
            _account = budget.Open(this);
        }

        public long OtherBytes => _holder.OtherBytes;

        public void Report(long held) => _account.Report(held);

        public void Settle() => _account.Settle();

        public void Await(long progress, bool isNew) => _account.Await(progress, isNew);

        public void Resume() => _account.Resume();

        public void Close() => _account.Close();

        public void EndInput(in InputEnd end)
        {
            try
            {
                // Before the peer can know of it; and of a socket that is closed the address cannot be told any more.
                _ends.Tell(Connection.TypeOf(Transports.Sockhop), AddressOf(_holder), end);
            }
            finally
            {
                _holder.EndInput(new Library.InputEnd(
                    end.Cause == InputEndCause.Stalled ? Library.InputEndCause.Stalled : Library.InputEndCause.Budget,
                    end.Held,
                    new Library.InputLimits(end.Limits.MaxBytes, end.Limits.MessageTimeout, end.Limits.MinMessageRate)));
            }
        }

        private static string AddressOf(Library.IInputHolder holder) =>
            holder is Polywire.Sockhop.Peer.Connection { Wire.RemoteEndPoint: IPEndPoint address } ? address.Address.ToString() : "unix";
    }
}
