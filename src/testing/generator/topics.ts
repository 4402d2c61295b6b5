/** A body of titles: every subject in every frame. The words of a frame tie its titles to the topic in any sentence encoder. */
export interface Topic {
  readonly subjects: readonly string[];
  /** `%` stands for the subject. */
  readonly frames: readonly string[];
}

/** An interest is what the log calls it; most have one topic, those of the story two. */
export const TOPICS = {
  baking: {
    subjects: [
      'Sourdough Bread',
      'Layer Cakes',
      'Puff Pastry',
      'Biscuits',
      'Fruit Pies',
      'Muffins',
      'Chocolate Cake',
      'Bagels',
      'Cupcakes',
    ],
    frames: ['Baking %', 'Recipes for %', 'Home Baking: %', 'The Baker’s Book of %'],
  },
  astronomy: {
    subjects: [
      'Galaxies',
      'Black Holes',
      'the Planets',
      'Comets',
      'the Moon',
      'Nebulae',
      'Distant Stars',
      'the Milky Way',
      'Supernovae',
    ],
    frames: ['Astronomy: %', '% by Telescope', 'The Science of %', '% in the Night Sky'],
  },
  gardening: {
    subjects: ['Roses', 'Vegetables', 'Herbs', 'Tulips', 'Tomatoes', 'Shrubs', 'Wild Flowers', 'Hedges', 'Garden Soil'],
    frames: ['Gardening with %', 'Growing %', '% for Your Garden', 'Planting and Pruning %'],
  },
  football: {
    subjects: [
      'World Cup',
      'Premier League',
      'Striker',
      'Goalkeeper',
      'Football Manager',
      'Champions League',
      'Midfielder',
      'Football Club',
      'Cup Final',
    ],
    frames: ['Football Legends: %', 'A Football History of the %', '% Football Stories', 'The Great % Goals'],
  },
  fishing: {
    subjects: ['Trout', 'Salmon', 'Carp', 'Pike', 'Bass', 'Perch', 'Sea Bream', 'Eels', 'Mackerel'],
    frames: ['Fishing for %', 'How to Catch %', 'Fly Fishing: %', '% and the Angler'],
  },
  sewing: {
    subjects: ['Dresses', 'Quilts', 'Curtains', 'Skirts', 'Shirts', 'Cushions', 'Bags', 'Children’s Clothes', 'Linen Jackets'],
    frames: ['Sewing %', 'Sewing Patterns for %', 'Stitch Your Own %', '% with Needle and Thread'],
  },
  guitar: {
    subjects: ['Blues', 'Heavy Metal', 'Rock', 'Punk', 'Electric', 'Bass', 'Hard Rock', 'Country', 'Slide'],
    frames: ['% Guitar Solos', 'Playing % Guitar', '% Guitar Riffs', '% Guitar Amps and Pedals'],
  },
  opera: {
    subjects: ['Verdi', 'Mozart', 'Puccini', 'Wagner', 'Rossini', 'Handel', 'Bizet', 'Strauss', 'Donizetti'],
    frames: ['The Operas of %', '% at the Opera House', '% Arias for Soprano', 'A Night at the Opera: %'],
  },
  railways: {
    subjects: ['Steam', 'Alpine', 'Highland', 'Narrow-Gauge', 'Express', 'Victorian', 'Indian', 'Branch Line', 'Mountain'],
    frames: ['% Railways', '% Trains and Stations', 'The % Locomotive', 'By Train: % Railway Tours'],
  },
  cars: {
    subjects: ['Sports', 'Classic', 'Racing', 'Vintage', 'Electric', 'Italian', 'Rally', 'Family', 'American'],
    frames: ['% Cars', 'Driving % Cars', '% Car Engines', '% Motor Car Repair'],
  },
  programming: {
    subjects: ['Python', 'JavaScript', 'Java', 'Web', 'Database', 'Linux', 'Algorithm', 'Compiler', 'Mobile App'],
    frames: ['% Programming', 'Learn to Code: % Software', '% for Software Developers', 'Debugging % Code'],
  },
  yoga: {
    subjects: ['Morning', 'Gentle', 'Hatha', 'Breathing', 'Power', 'Evening', 'Restorative', 'Chair', 'Beginner'],
    frames: ['% Yoga Poses', '% Yoga and Meditation', 'Yoga Practice: % Stretching', '% Yoga for Calm'],
  },
  rome: {
    subjects: ['Caesar', 'Augustus', 'Nero', 'Hadrian', 'Gladiators', 'the Legions', 'the Senate', 'Pompeii', 'Trajan'],
    frames: ['Ancient Rome: %', '% and the Roman Empire', 'A Roman History of %', 'The Romans and %'],
  },
  egypt: {
    subjects: [
      'Tutankhamun',
      'Cleopatra',
      'the Pyramids',
      'the Sphinx',
      'the Pharaohs',
      'Mummies',
      'Ramesses',
      'Nefertiti',
      'the Nile Temples',
    ],
    frames: ['Ancient Egypt: %', '% and the Egyptian Kingdom', 'An Egyptian History of %', 'The Egyptians and %'],
  },
} as const satisfies Record<string, Topic>;

export type TopicName = keyof typeof TOPICS;
export const TOPIC_NAMES = Object.keys(TOPICS) as TopicName[];

/** The twelve interests, as the log's last column calls them. */
export const INTEREST_OF: Readonly<Record<TopicName, string>> = {
  baking: 'baking',
  astronomy: 'astronomy',
  gardening: 'gardening',
  football: 'football',
  fishing: 'fishing',
  sewing: 'sewing',
  guitar: 'music',
  opera: 'music',
  railways: 'railways',
  cars: 'cars',
  programming: 'programming',
  yoga: 'yoga',
  rome: 'history',
  egypt: 'history',
};

export const titlesOf = (topic: TopicName): string[] => {
  const { subjects, frames }: Topic = TOPICS[topic];
  return frames.flatMap((frame) => subjects.map((subject) => capitalise(frame.replace('%', subject))));
};

const capitalise = (title: string): string => title.charAt(0).toUpperCase() + title.slice(1);
