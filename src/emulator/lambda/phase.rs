//! Where an environment is in its life, and which calls of its runtime fit there. Pure.

use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::oneshot;

use super::outcome::{FunctionError, RequestId, RuntimeExit};

/// What a runtime answered to an invocation.
#[derive(Debug)]
pub(super) enum Answer {
    Returned(Bytes),
    Failed(FunctionError),
    TooLarge,
}

/// One invocation, on its way to the runtime.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) id: RequestId,
    pub(super) payload: Bytes,
    /// When the function's time is over, since the Unix epoch by this machine's clock: the child
    /// compares it with its own.
    pub(super) deadline: Duration,
    pub(super) trace_id: String,
    pub(super) function_arn: String,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// Where an environment is in its life.
#[derive(Debug)]
pub(super) enum Phase {
    /// The runtime loads the function and has not asked for work yet.
    Initialising,
    /// The runtime said that it cannot load the function.
    InitFailed(FunctionError),
    /// The runtime asked for work, and there is none.
    Ready,
    /// There is work that the runtime has not fetched yet.
    Offered(Invocation),
    /// The function runs.
    Invoking(RequestId, oneshot::Sender<Answer>),
    /// The function answered; the runtime has not asked for more yet.
    Answered,
    /// The process ended.
    Exited(RuntimeExit),
}

/// Why a call of the Runtime API is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The id in the path is not that of the invocation that runs.
    UnknownRequestId,
    /// The call does not fit to the phase.
    WrongPhase,
}

impl Phase {
    /// The runtime asks for the next invocation; it is ready from then on.
    pub(super) fn ask(&mut self) -> Result<(), Refusal> {
        match self {
            Self::Initialising | Self::Answered => {
                *self = Self::Ready;
                Ok(())
            }
            // Asking again is right: a runtime does so when its long poll was cut.
            Self::Ready | Self::Offered(_) => Ok(()),
            Self::InitFailed(_) | Self::Invoking(..) | Self::Exited(_) => Err(Refusal::WrongPhase),
        }
    }

    /// The host gives work. False, and the work is dropped, if the runtime is not ready for it.
    pub(super) fn offer(&mut self, invocation: Invocation) -> bool {
        let ready = matches!(self, Self::Ready);
        if ready {
            *self = Self::Offered(invocation);
        }
        ready
    }

    /// The runtime fetches the work, if there is some: what the response needs.
    pub(super) fn fetch(&mut self) -> Option<Fetched> {
        if !matches!(self, Self::Offered(_)) {
            return None;
        }
        let Self::Offered(work) = std::mem::replace(self, Self::Answered) else {
            return None;
        };
        let fetched = Fetched {
            id: work.id,
            payload: work.payload,
            deadline: work.deadline,
            trace_id: work.trace_id,
            function_arn: work.function_arn,
        };
        *self = Self::Invoking(work.id, work.answer);
        Some(fetched)
    }

    /// Whether an answer for this id would be taken.
    pub(super) fn may_answer(&self, id: Option<RequestId>) -> Result<(), Refusal> {
        match self {
            Self::Invoking(running, _) if id == Some(*running) => Ok(()),
            Self::Invoking(..) => Err(Refusal::UnknownRequestId),
            _ => Err(Refusal::WrongPhase),
        }
    }

    /// The runtime answers; the caller of the invocation gets it.
    pub(super) fn answer(&mut self, id: Option<RequestId>, answer: Answer) -> Result<(), Refusal> {
        self.may_answer(id)?;
        if let Self::Invoking(_, caller) = std::mem::replace(self, Self::Answered) {
            // The caller may have gone; the runtime has done its part all the same.
            let _gone = caller.send(answer);
        }
        Ok(())
    }

    /// The runtime reports that it cannot load the function.
    pub(super) fn fail_init(&mut self, error: FunctionError) -> Result<(), Refusal> {
        if !matches!(self, Self::Initialising) {
            return Err(Refusal::WrongPhase);
        }
        *self = Self::InitFailed(error);
        Ok(())
    }

    /// The process ended. What it said about its initialisation before stays.
    pub(super) fn exit(&mut self, exit: RuntimeExit) {
        if !matches!(self, Self::InitFailed(_)) {
            *self = Self::Exited(exit);
        }
    }
}

/// An invocation as the response to `next` carries it.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) id: RequestId,
    pub(super) payload: Bytes,
    pub(super) deadline: Duration,
    pub(super) trace_id: String,
    pub(super) function_arn: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invocation() -> (Invocation, RequestId, oneshot::Receiver<Answer>) {
        let id = RequestId::from_random([7; 16]);
        let (answer, received) = oneshot::channel();
        let work = Invocation {
            id,
            payload: Bytes::from_static(b"{}"),
            deadline: Duration::ZERO,
            trace_id: String::new(),
            function_arn: String::new(),
            answer,
        };
        (work, id, received)
    }

    #[test]
    fn a_life_of_two_invocations() {
        let mut phase = Phase::Initialising;
        for _ in 0..2 {
            assert_eq!(phase.ask(), Ok(()));
            assert!(phase.fetch().is_none(), "nothing was offered yet");
            let (work, id, mut received) = invocation();
            assert!(phase.offer(work));
            assert_eq!(phase.fetch().map(|fetched| fetched.id), Some(id));
            assert_eq!(
                phase.ask(),
                Err(Refusal::WrongPhase),
                "an answer is owed first"
            );
            let other = Some(RequestId::from_random([8; 16]));
            assert_eq!(
                phase.answer(other, Answer::TooLarge),
                Err(Refusal::UnknownRequestId)
            );
            assert_eq!(
                phase.answer(None, Answer::TooLarge),
                Err(Refusal::UnknownRequestId)
            );
            assert_eq!(phase.answer(Some(id), Answer::TooLarge), Ok(()));
            assert!(matches!(received.try_recv(), Ok(Answer::TooLarge)));
            assert_eq!(
                phase.answer(Some(id), Answer::TooLarge),
                Err(Refusal::WrongPhase)
            );
        }
    }

    #[test]
    fn an_initialisation_fails_once_and_only_before_it_is_over() {
        let error = || FunctionError::new("Runtime.ImportModuleError", "no module");
        let mut phase = Phase::Initialising;
        assert_eq!(phase.fail_init(error()), Ok(()));
        assert_eq!(phase.fail_init(error()), Err(Refusal::WrongPhase));
        phase.exit(RuntimeExit::Code(1));
        assert!(
            matches!(phase, Phase::InitFailed(_)),
            "the reason outlives the process"
        );

        let mut ready = Phase::Ready;
        assert_eq!(ready.fail_init(error()), Err(Refusal::WrongPhase));
    }

    #[test]
    fn an_exit_leaves_the_caller_without_an_answer() {
        let mut phase = Phase::Ready;
        let (work, _, mut received) = invocation();
        assert!(phase.offer(work));
        phase.exit(RuntimeExit::Code(3));
        assert!(received.try_recv().is_err());
        assert_eq!(phase.ask(), Err(Refusal::WrongPhase));
        let (late, ..) = invocation();
        assert!(!phase.offer(late));
    }
}
