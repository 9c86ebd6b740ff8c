#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>The accounts that are charged anything, the one with the greatest charge first; of several with the same charge the oldest.</summary>
/// <remarks>A binary heap, so that finding the greediest of very many costs nothing that a peer could make us pay. Not safe to use concurrently.</remarks>
internal sealed class InputHeap
{
    private readonly List<InputAccount> _accounts = [];

    public int Count => _accounts.Count;

    /// <summary>Puts an account where its charge belongs, which is nowhere for none.</summary>
    public void Update(InputAccount account)
    {
        if (account.Charged == 0 || account.Ending != InputEndCause.None)
        {
            Remove(account);
            return;
        }

        if (account.Place < 0)
        {
            account.Place = _accounts.Count;
            _accounts.Add(account);
        }

        Settle(account);
    }

    public void Remove(InputAccount account)
    {
        var place = account.Place;
        if (place < 0)
        {
            return;
        }

        var last = _accounts[^1];
        _accounts.RemoveAt(_accounts.Count - 1);
        account.Place = -1;
        if (last != account)
        {
            Put(last, place);
            Settle(last);
        }
    }

    public InputAccount? TakeGreatest()
    {
        if (_accounts.Count == 0)
        {
            return null;
        }

        var greatest = _accounts[0];
        Remove(greatest);
        return greatest;
    }

    private static bool IsBefore(InputAccount one, InputAccount other) =>
        one.Charged != other.Charged ? one.Charged > other.Charged : one.Number < other.Number;

    private void Settle(InputAccount account)
    {
        var place = account.Place;
        while (place > 0 && IsBefore(account, _accounts[(place - 1) / 2]))
        {
            Put(_accounts[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        while (true)
        {
            var child = (2 * place) + 1;
            if (child + 1 < _accounts.Count && IsBefore(_accounts[child + 1], _accounts[child]))
            {
                child++;
            }

            if (child >= _accounts.Count || !IsBefore(_accounts[child], account))
            {
                break;
            }

            Put(_accounts[child], place);
            place = child;
        }

        Put(account, place);
    }

    private void Put(InputAccount account, int place)
    {
        _accounts[place] = account;
        account.Place = place;
    }
}
